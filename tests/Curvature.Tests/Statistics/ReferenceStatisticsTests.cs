using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

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
        Assert.Equal(
            reference.GradientVariance / Math.Pow(reference.GradientNorm, 2),
            measured.NoiseScale!.Value,
            1e-8 * measured.NoiseScale.Value
        );
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gradient_variance_from_random_batches_agrees_within_its_error(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = Statistics(reference)
            .Gradient(
                new GradientOptions
                {
                    Form = VarianceForm.RandomBatches,
                    BatchSize = 7,
                    Partitions = 20,
                    Seed = 1,
                }
            );
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
            Assert.All(measured.Layers, layer =>
                Assert.InRange(Math.Abs(blocks[layer.Layer] - layer.Estimate.Value), 0, 4 * layer.Estimate.Error)
            );
        }

        Assert.Equal(48 * (kind == OperatorKind.Residual ? 2 : 1), measured.Cost.CurvatureProducts);
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Deflation_by_ten_ritz_vectors_makes_every_error_at_least_three_times_smaller(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var top = TopTen(reference);
        var options = new TraceOptions { Probes = 48, Seed = 2 };
        var plain = Statistics(reference).Trace(OperatorKind.Hessian, options);
        var deflated = Statistics(reference).Trace(OperatorKind.Hessian, options, top.TopVectors);
        AssertWithinThreeErrors(reference.Number(OperatorKind.Hessian, "trace")!.Value, deflated.Trace);
        AssertWithinThreeErrors(reference.Number(OperatorKind.Hessian, "frobenius")!.Value, deflated.Frobenius);
        Assert.InRange(deflated.Trace.Error, 0, plain.Trace.Error / 3);
        Assert.InRange(deflated.Frobenius.Error, 0, plain.Frobenius.Error / 3);
        Assert.Equal(10, deflated.Deflated);
        Assert.Equal(58, deflated.Cost.CurvatureProducts);
        var blocks = reference.BlockTraces(OperatorKind.Hessian);
        Assert.All(deflated.Layers, layer =>
            Assert.InRange(Math.Abs(blocks[layer.Layer] - layer.Estimate.Value), 0, 4 * layer.Estimate.Error)
        );
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Hessian_variance_sample_by_sample_agrees_within_three_standard_errors(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var top = TopTen(reference);
        var measured = Statistics(reference)
            .Variance(OperatorKind.Hessian, new VarianceOptions { Probes = 16, Seed = 1 }, top.TopVectors);
        AssertWithinThreeErrors(reference.Number(OperatorKind.Hessian, "variance")!.Value, measured.Isotropic!);
        Assert.InRange(measured.Directional.Sum(along => along.Value), 0, measured.Isotropic!.Value);
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        Assert.Equal(2 * (10 + 16), measured.Cost.CurvatureProducts);
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Gauss_newton_variance_from_random_batches_agrees_within_three_standard_errors(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var options = new VarianceOptions
        {
            Form = VarianceForm.RandomBatches,
            BatchSize = 20,
            Probes = 32,
            Seed = 5,
        };
        var measured = Statistics(reference).Variance(OperatorKind.GaussNewton, options);
        AssertWithinThreeErrors(reference.Number(OperatorKind.GaussNewton, "variance")!.Value, measured.Isotropic!);
        Assert.Equal(20, measured.BatchSize);
    }

    [Fact]
    public void Standard_errors_shrink_as_one_over_the_square_root_of_the_probes()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float64);
        var statistics = Statistics(reference);
        var (few, many) = (
            statistics.Trace(OperatorKind.Hessian, new TraceOptions { Probes = 40 }),
            statistics.Trace(OperatorKind.Hessian, new TraceOptions { Probes = 360 })
        );
        Assert.Equal(3, few.Trace.Error / many.Trace.Error, 0.8);
        Assert.Equal(3, few.Frobenius.Error / many.Frobenius.Error, 0.8);
        var variances = new[] { 40, 360 }
            .Select(probes =>
                statistics
                    .Variance(
                        OperatorKind.Hessian,
                        new VarianceOptions
                        {
                            Probes = probes,
                            Form = VarianceForm.RandomBatches,
                            BatchSize = 100,
                        }
                    )
                    .Isotropic!.Error
            )
            .ToArray();
        Assert.Equal(3, variances[0] / variances[1], 0.8);
        variances =
        [
            .. new[] { 12, 48 }.Select(probes =>
                statistics.Variance(OperatorKind.Hessian, new VarianceOptions { Probes = probes }).Isotropic!.Error
            ),
        ];
        Assert.Equal(2, variances[0] / variances[1], 0.8);
    }

    [Theory]
    [InlineData("mlp_tanh_49_16_10")]
    [InlineData("cnn_bn_eval")]
    public void Single_precision_agrees_with_the_exact_values_to_its_own_rounding(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float32);
        var statistics = Statistics(reference);
        var gradient = statistics.Gradient();
        Assert.Equal(reference.GradientVariance, gradient.Variance.Value, 1e-5 * reference.GradientVariance);
        AssertWithinThreeErrors(reference.GradientVariance, gradient.Variance);
        AssertWithinThreeErrors(
            reference.Number(OperatorKind.Hessian, "trace")!.Value,
            statistics.Trace(OperatorKind.Hessian).Trace
        );
        using var top = TopTen(reference);
        using var exact = new ReferenceCase(name, ElementType.Float64);
        using var direction = exact.Theta.ZerosLike();
        direction.CopyFrom(top.TopVectors[0]);
        var options = new VarianceOptions { Probes = 0 };
        var along = Assert.Single(statistics.Variance(OperatorKind.Hessian, options, [top.TopVectors[0]]).Directional);
        var doubled = Assert.Single(Statistics(exact).Variance(OperatorKind.Hessian, options, [direction]).Directional);
        Assert.Equal(doubled.Value, along.Value, along.Error);
        Assert.InRange(along.Error, 0, 1e-3 * along.Value);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        using var reference = new ReferenceCase("mlp_mse_49_20_3", ElementType.Float64);
        var statistics = Statistics(reference);
        var options = new VarianceOptions
        {
            Probes = 2,
            Form = VarianceForm.RandomBatches,
            BatchSize = 50,
            Seed = 3,
        };
        var first = statistics.Variance(OperatorKind.Hessian, options).Isotropic;
        Assert.Equal(first, statistics.Variance(OperatorKind.Hessian, options).Isotropic);
        Assert.NotEqual(first, statistics.Variance(OperatorKind.Hessian, options with { Seed = 4 }).Isotropic);
        var batch = new BatchSharpnessOptions(32) { Batches = 3, Seed = 3 };
        Assert.Equal(statistics.BatchSharpness(batch).Sharpness, statistics.BatchSharpness(batch).Sharpness);
        Assert.NotEqual(
            statistics.BatchSharpness(batch).Sharpness,
            statistics.BatchSharpness(batch with { Seed = 4 }).Sharpness
        );
    }

    private static ExtremalResult TopTen(ReferenceCase reference) =>
        ExtremalEigenpairs.Find(
            new HessianOperator(reference.Linearization),
            new ExtremalOptions
            {
                Top = 10,
                Bottom = 0,
                Tolerance = 1e-3,
            }
        );

    internal static CurvatureStatistics Statistics(ReferenceCase reference) =>
        new(reference.Linearization, TimeProvider.System);

    internal static void AssertWithinThreeErrors(double expected, Estimate actual) =>
        Assert.InRange(Math.Abs(expected - actual.Value), 0, 3 * actual.Error);
}
