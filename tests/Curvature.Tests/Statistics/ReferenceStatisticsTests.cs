using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>The statistics of the reference cases against their exact values.</summary>
public class ReferenceStatisticsTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    public static TheoryData<string, OperatorKind> EveryOperator()
    {
        var data = new TheoryData<string, OperatorKind>();
        foreach (var name in ReferenceCase.Names)
        {
            foreach (var kind in OperatorNames.All)
            {
                data.Add(name, kind);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gradient_norms_and_variance_are_exact(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = Statistics(reference).Gradient();
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        Assert.Equal(reference.GradientNorm, measured.Norm.Value, 1e-8 * reference.GradientNorm);
        Assert.Equal(reference.GradientMaximum, measured.Maximum.Value, 1e-8 * reference.GradientMaximum);
        Assert.Equal(reference.GradientVariance, measured.Variance.Value, 1e-8 * reference.GradientVariance);
        Assert.Equal(reference.GradientVariance / Math.Pow(reference.GradientNorm, 2), measured.NoiseScale!.Value, 1e-8 * measured.NoiseScale.Value);
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gradient_variance_from_random_batches_agrees_within_its_error(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = Statistics(reference).Gradient(new GradientOptions { Form = VarianceForm.RandomBatches, BatchSize = 7, Partitions = 20, Seed = 1 });
        Assert.Equal(7, measured.BatchSize);
        AssertWithinThreeErrors(reference.GradientVariance, measured.Variance);
        Assert.InRange(measured.Variance.Error, 1e-6 * measured.Variance.Value, 0.2 * measured.Variance.Value);
    }

    [Theory]
    [MemberData(nameof(EveryOperator))]
    public void Trace_norm_and_layer_traces_agree_within_three_standard_errors(string name, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = Statistics(reference).Trace(kind, new TraceOptions { Probes = 48, Seed = 1 });
        AssertWithinThreeErrors(reference.Number(kind, "trace")!.Value, measured.Trace);
        AssertWithinThreeErrors(reference.Number(kind, "frobenius")!.Value, measured.Frobenius);
        if (kind != OperatorKind.Residual)
        {
            var blocks = reference.BlockTraces(kind);
            Assert.Equal(blocks.Count, measured.Layers.Count);
            Assert.All(measured.Layers, layer => Assert.InRange(Math.Abs(blocks[layer.Layer] - layer.Estimate.Value), 0, 4 * layer.Estimate.Error));
        }

        Assert.Equal(48 * (kind == OperatorKind.Residual ? 2 : 1), measured.Cost.CurvatureProducts);
    }

    [Theory]
    [MemberData(nameof(EveryOperator))]
    public void Variance_agrees_within_three_standard_errors(string name, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = Statistics(reference).Variance(kind, new VarianceOptions { Probes = 32, Seed = 1 });
        if (reference.Number(kind, "variance") is { } exact)
        {
            AssertWithinThreeErrors(exact, measured.Isotropic!);
        }

        // H_i − G_i and its mean are no farther from each other than H_i and G_i from theirs together (Minkowski).
        Assert.InRange(Math.Sqrt(measured.Isotropic!.Value), 0, 3 * Math.Sqrt(reference.Number(OperatorKind.Hessian, "variance")!.Value));
        Assert.Equal(VarianceForm.PerSample, measured.Form);
    }

    internal static CurvatureStatistics Statistics(ReferenceCase reference) => new(reference.Linearization, TimeProvider.System);

    internal static void AssertWithinThreeErrors(double expected, Estimate actual) =>
        Assert.InRange(Math.Abs(expected - actual.Value), 0, 3 * actual.Error);
}
