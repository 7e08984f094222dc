using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Statistics in single precision.</summary>
public class SinglePrecisionTests
{
    [Theory]
    [InlineData("mlp_tanh_49_16_10")]
    [InlineData("cnn_bn_eval")]
    public void Single_precision_agrees_with_the_exact_values_to_its_own_rounding(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float32);
        var statistics = reference.Statistics;
        var gradient = statistics.Gradient();
        Assert.Equal(reference.GradientVariance, gradient.Variance.Value, 1e-5 * reference.GradientVariance);
        StatisticalAssert.WithinThreeErrors(reference.GradientVariance, gradient.Variance);
        StatisticalAssert.WithinThreeErrors(
            reference.Number(OperatorKind.Hessian, "trace")!.Value,
            statistics.Trace(OperatorKind.Hessian).Trace
        );
        using var top = TopEigenvectors.TopTen(reference);
        using var exact = new ReferenceCase(name, ElementType.Float64);
        using var direction = exact.Theta.ZerosLike();
        direction.CopyFrom(top.TopVectors[0]);
        var options = new VarianceOptions { Probes = 0 };
        var along = Assert.Single(statistics.Variance(OperatorKind.Hessian, options, [top.TopVectors[0]]).Directional);
        var doubled = Assert.Single(exact.Statistics.Variance(OperatorKind.Hessian, options, [direction]).Directional);
        Assert.Equal(doubled.Value, along.Value, along.Error);
        Assert.InRange(along.Error, 0, 1e-3 * along.Value);
    }
}
