using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Every statistic of a network small enough to form all its matrices.</summary>
public class BruteForceTests
{
    public static TheoryData<OperatorKind, bool> Kinds()
    {
        var data = new TheoryData<OperatorKind, bool>();
        foreach (var kind in OperatorNames.All)
        {
            data.Add(kind, false);
            data.Add(kind, true);
        }

        return data;
    }

    [Fact]
    public void Gradient_statistics_equal_those_of_the_samples_own_gradients() =>
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), Gen.Choose(2, 9).ToArbitrary(), (seed, samples) =>
            {
                using var model = new TinyModel(samples: samples, microBatch: 3, seed: seed);
                var gradients = Each(model).Select(i => Vector<double>.Build.Dense(model.Gradient(i))).ToArray();
                var mean = gradients.Aggregate((a, b) => a + b) / samples;
                var variance = gradients.Average(g => (g - mean).DotProduct(g - mean));
                var measured = Statistics(model).Gradient();
                Assert.Equal(mean.L2Norm(), measured.Norm.Value, 1e-12);
                Assert.Equal(mean.InfinityNorm(), measured.Maximum.Value, 1e-12);
                Assert.Equal(variance, measured.Variance.Value, 1e-12);
                Assert.Equal(
                    variance / mean.DotProduct(mean),
                    measured.NoiseScale!.Value,
                    1e-9 * measured.NoiseScale.Value
                );
                Assert.Equal(0, measured.Cost.CurvatureProducts);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Variance_with_unit_vectors_equals_the_variance_of_all_elements(OperatorKind kind, bool batchNorm)
    {
        using var model = new TinyModel(batchNorm);
        var deviations = Deviations(model, kind);
        var measured = Statistics(model).Variance(kind, new VarianceOptions { Probes = 1000 });
        Assert.True(measured.Exact);
        Assert.Equal(VarianceForm.PerSample, measured.Form);
        var exact = deviations.Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        Assert.Equal(exact, measured.Isotropic!.Value, 1e-12 * Math.Max(1, exact));
        Assert.Equal(
            2 * model.ParameterCount * (kind == OperatorKind.Residual ? 2 : 1),
            measured.Cost.CurvatureProducts
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Directional_variance_and_random_probes_agree_with_the_matrices(OperatorKind kind, bool batchNorm)
    {
        using var model = new TinyModel(batchNorm);
        var deviations = Deviations(model, kind);
        using var first = Vectors.Random(model.ParameterCount, 1);
        using var second = Vectors.Random(model.ParameterCount, 2);
        second.Scale(5);
        var measured = Statistics(model).Variance(kind, new VarianceOptions { Probes = 16, Seed = 3 }, [first, second]);
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

    [Fact]
    public void Deflated_variance_equals_the_part_along_the_directions_plus_what_random_probes_see_of_the_rest()
    {
        using var model = new TinyModel();
        using var result = ExtremalEigenpairs.Find(
            new HessianOperator(model.Linearization),
            new ExtremalOptions
            {
                Top = 3,
                Bottom = 0,
                Tolerance = 1e-12,
            }
        );
        var exact = Deviations(model, OperatorKind.Hessian).Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        double plain = 0,
            deflated = 0,
            skewed = 0;
        using var mixed = result.TopVectors[0].Clone();
        mixed.Add(result.TopVectors[1]);
        const int repeats = 15;
        for (var seed = 0; seed < repeats; seed++)
        {
            var options = new VarianceOptions { Probes = 10, Seed = 100 + seed };
            plain += Statistics(model).Variance(OperatorKind.Hessian, options).Isotropic!.Value / repeats;
            deflated +=
                Statistics(model).Variance(OperatorKind.Hessian, options, result.TopVectors).Isotropic!.Value / repeats;
            skewed +=
                Statistics(model)
                    .Variance(OperatorKind.Hessian, options, [result.TopVectors[0], mixed])
                    .Isotropic!.Value / repeats;
        }

        Assert.Equal(exact, plain, 0.15 * exact);
        Assert.Equal(exact, deflated, 0.1 * exact);
        Assert.Equal(exact, skewed, 0.12 * exact);
    }

    [Fact]
    public void Random_batches_are_unbiased_for_the_variance_of_single_samples()
    {
        using var model = new TinyModel();
        var variance = Deviations(model, OperatorKind.Hessian).Average(d => Math.Pow(d.FrobeniusNorm(), 2));
        using var direction = Vectors.Random(model.ParameterCount, 1);
        var v = Vector<double>.Build.Dense(direction.ToArray());
        var along = Deviations(model, OperatorKind.Hessian).Average(d => Math.Pow((d * v).L2Norm(), 2));

        // Eleven samples in batches of four: the last batch has three.
        var measured = Statistics(model)
            .Variance(
                OperatorKind.Hessian,
                new VarianceOptions
                {
                    Form = VarianceForm.RandomBatches,
                    BatchSize = 4,
                    Probes = 400,
                    Partitions = 200,
                    Seed = 2,
                },
                [direction]
            );
        Assert.Equal(variance, measured.Isotropic!.Value, 4 * measured.Isotropic.Error);
        Assert.Equal(along, measured.Directional[0].Value, 4 * measured.Directional[0].Error);
        Assert.InRange(measured.Isotropic.Error, 0, 0.1 * variance);
        Assert.InRange(measured.Directional[0].Error, 0, 0.1 * along);
        Assert.Equal(4, measured.BatchSize);

        var gradient = Statistics(model)
            .Gradient(
                new GradientOptions
                {
                    Form = VarianceForm.RandomBatches,
                    BatchSize = 4,
                    Partitions = 200,
                }
            );
        Assert.Equal(Statistics(model).Gradient().Variance.Value, gradient.Variance.Value, 4 * gradient.Variance.Error);
        Assert.InRange(gradient.Variance.Error, 0, 0.1 * gradient.Variance.Value);
    }

    [Fact]
    public void In_train_mode_the_fixed_batches_are_compared_each_normalised_by_itself()
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train, samples: 12, microBatch: 4);
        int[][] batches =
        [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
        ];
        var whole = Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian));
        var between = batches.Average(b =>
            Math.Pow(
                (Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian, b)) - whole).FrobeniusNorm(),
                2
            )
        );
        var measured = Statistics(model).Variance(OperatorKind.Hessian, new VarianceOptions { Probes = 1000 });
        Assert.Equal(VarianceForm.FixedBatches, measured.Form);
        Assert.False(measured.Exact);

        // b (N − 1)/(N − b), the finite-population factor of groups of equal size.
        Assert.Equal(between * 4 * 11 / 8, measured.Isotropic!.Value, 1e-10 * between);
        Assert.True(measured.Isotropic.Error > 0.01 * measured.Isotropic.Value);

        var mean =
            Vector<double>.Build.Dense(
                batches.Select(model.Gradient).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])
            ) / 3;
        var spread = batches.Average(b => Math.Pow((Vector<double>.Build.Dense(model.Gradient(b)) - mean).L2Norm(), 2));
        Assert.Equal(spread * 4 * 11 / 8, Statistics(model).Gradient().Variance.Value, 1e-10);
    }

    [Theory]
    [InlineData(VarianceForm.PerSample)]
    [InlineData(VarianceForm.RandomBatches)]
    public void In_train_mode_single_samples_are_refused_with_the_way_out(VarianceForm form)
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train);
        var refused = Assert.Throws<UserErrorException>(() =>
            Statistics(model).Gradient(new GradientOptions { Form = form })
        );
        Assert.Contains("fixed batches", refused.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() =>
            Statistics(model).Variance(OperatorKind.Hessian, new VarianceOptions { Form = form })
        );
    }

    [Fact]
    public void Train_mode_does_not_matter_to_a_model_without_batch_norm()
    {
        using var model = new TinyModel(mode: BatchNormMode.Train);
        Assert.Equal(VarianceForm.PerSample, Statistics(model).Gradient().Form);
    }

    [Fact]
    public void One_micro_batch_has_no_spread_and_is_refused()
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train, samples: 8, microBatch: 8);
        Assert.Contains(
            "one batch",
            Assert.Throws<UserErrorException>(() => Statistics(model).Gradient()).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(11)]
    [InlineData(1)]
    [InlineData(4)]
    public void Batch_sharpness_is_the_mean_curvature_along_the_batches_gradients(int batchSize)
    {
        using var model = new TinyModel();
        var measured = Statistics(model)
            .BatchSharpness(new BatchSharpnessOptions(batchSize) { Batches = 300, Seed = 4 });
        var exact = Subsets(model.SampleCount, batchSize)
            .Average(batch =>
            {
                var g = Vector<double>.Build.Dense(model.Gradient(batch));
                return g.DotProduct(Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian, batch)) * g)
                    / g.DotProduct(g);
            });
        Assert.Equal(exact, measured.Sharpness.Value, 4 * measured.Sharpness.Error);
        Assert.InRange(measured.Sharpness.Error, 0, 0.1 * Math.Abs(exact));
        Assert.Equal((300 * batchSize + 10) / 11, measured.Cost.CurvatureProducts);
    }

    [Fact]
    public void Preconditioned_sharpness_is_the_largest_eigenvalue_behind_adams_preconditioner()
    {
        using var model = new TinyModel();
        var moments = Enumerable.Range(0, model.ParameterCount).Select(i => 1e-3 * (1 + i)).ToArray();
        using var second = Vector.From(moments, ElementType.Float64, Device.Cpu);
        var adam = new AdamSettings(0.01);
        var measured = Statistics(model).PreconditionedSharpness(second, adam, 7);
        var p = moments
            .Select(nu => (1 - Math.Pow(0.9, 7)) * (Math.Sqrt(nu / (1 - Math.Pow(0.999, 7))) + 1e-8))
            .ToArray();
        var h = model.Matrix(OperatorKind.Hessian);
        var scaled = Matrix<double>.Build.Dense(p.Length, p.Length, (i, j) =>
            (h[i, j] + h[j, i]) / 2 / Math.Sqrt(p[i] * p[j])
        );
        var exact = Matrices.Eigenvalues(scaled.ToArray())[0];
        Assert.Equal(exact, measured.Sharpness.Value, Math.Max(1e-9, measured.Sharpness.Error));
        Assert.Equal(measured.Sharpness.Value * (0.1 * 0.01) / 3.8, measured.Ratio!.Ratio, 1e-9);
        Assert.True(measured.Converged);
    }

    [Fact]
    public void Trace_layers_of_a_model_equal_the_diagonal_blocks()
    {
        using var model = new TinyModel();
        var h = model.Matrix(OperatorKind.Hessian);
        var measured = Statistics(model).Trace(OperatorKind.Hessian, new TraceOptions { Probes = 100 });
        Assert.True(measured.Exact);
        Assert.Equal(["w1", "b1", "w2", "b2"], measured.Layers.Select(layer => layer.Layer));
        foreach (var (layer, slot) in measured.Layers.Zip(model.Objective.Parameters))
        {
            Assert.Equal(
                Enumerable.Range((int)slot.Offset, (int)slot.Count).Sum(i => h[i, i]),
                layer.Estimate.Value,
                1e-12
            );
            Assert.Equal(slot.Count, layer.Parameters);
        }
    }

    private static CurvatureStatistics Statistics(TinyModel model) => new(model.Linearization, TimeProvider.System);

    private static IEnumerable<int> Each(TinyModel model) => Enumerable.Range(0, model.SampleCount);

    private static Matrix<double>[] Deviations(TinyModel model, OperatorKind kind)
    {
        var each = Each(model).Select(i => Matrix<double>.Build.DenseOfArray(model.Matrix(kind, i))).ToArray();
        var mean = each.Aggregate((a, b) => a + b) / each.Length;
        return [.. each.Select(matrix => matrix - mean)];
    }

    private static IEnumerable<int[]> Subsets(int samples, int size) =>
        Enumerable
            .Range(0, 1 << samples)
            .Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) == size)
            .Select(bits => Enumerable.Range(0, samples).Where(i => (bits >> i & 1) != 0).ToArray());
}
