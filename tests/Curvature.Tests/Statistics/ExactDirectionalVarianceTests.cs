using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Variances along directions, and from random probes.</summary>
public class ExactDirectionalVarianceTests
{
    [Theory]
    [MemberData(nameof(SampleMatrices.Kinds), MemberType = typeof(SampleMatrices))]
    public void Directional_variance_and_random_probes_agree_with_the_matrices(OperatorKind kind, bool batchNorm)
    {
        using var model = new TinyModel(batchNorm);
        var deviations = SampleMatrices.Deviations(model, kind);
        using var first = Vectors.Random(model.ParameterCount, 1);
        using var second = Vectors.Random(model.ParameterCount, 2);
        second.Scale(5);
        var measured = model.Statistics.Variance(kind, new VarianceOptions { Probes = 16, Seed = 3 }, [first, second]);
        foreach (var (vector, estimate) in new[] { first, second }.Zip(measured.Directional))
        {
            var v = Vector<double>.Build.Dense(vector.ToArray()).Normalize(2);
            var exact = deviations.Average(d => Math.Pow((d * v).L2Norm(), 2));
            Assert.Equal(exact, estimate.Value, 1e-12 * Math.Max(1, exact));
        }

        Assert.False(measured.Exact);
        Assert.Equal(
            deviations.Average(d => Math.Pow(d.FrobeniusNorm(), 2)),
            measured.Isotropic!.Value,
            4 * measured.Isotropic.Error
        );
    }
}
