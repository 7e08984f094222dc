using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>
/// The noise scale of data whose noise scale is known. The model's output is its one parameter tensor θ [K], whatever
/// the input, and ℓ_i = (1/K)‖θ − y_i‖², so g_i = (2/K)(θ − y_i): with y_i normal about 0 with variance s², tr Σ =
/// 4s²/K and ‖G‖² = (4/K²)‖θ‖², T = Ks²/‖θ‖².
/// </summary>
public sealed class NoiseScaleTests
{
    private const int Outputs = 4;
    private const double Deviation = 1.5;

    private static readonly double[] Point = [2, -1, 0.5, 1];

    private static double SquaredNorm => Point.Sum(x => x * x);

    /// <summary>T of the data.</summary>
    private static double Truth => Outputs * Deviation * Deviation / SquaredNorm;

    [Theory]
    [InlineData(VarianceForm.PerSample)]
    [InlineData(VarianceForm.RandomBatches)]
    [InlineData(VarianceForm.FixedBatches)]
    public void The_error_is_the_spread_over_probe_sets_drawn_from_the_same_data(VarianceForm form)
    {
        const int Samples = 640;
        const int Sets = 120;
        var random = new Random(1);
        var measured = Enumerable.Range(0, Sets).Select(_ => NoiseScale(random, Samples, form)).ToList();
        var mean = measured.Average(estimate => estimate.Value);
        var spread = Math.Sqrt(measured.Sum(estimate => Math.Pow(estimate.Value - mean, 2)) / (Sets - 1));

        // S has variance 2S²/(KN), Q has 4Q·s²(2/K)²/N, and the two are independent for a normal distribution.
        if (form == VarianceForm.PerSample)
        {
            var known = Truth * Math.Sqrt(((2.0 / Outputs) + (4 * Truth / Outputs)) / Samples);
            Assert.Equal(known, spread, 0.2 * known);
        }

        // The spread of 120 sets is itself known to 6.5 %.
        var told = Math.Sqrt(measured.Average(estimate => estimate.Error * estimate.Error));
        Assert.InRange(told / spread, 0.8, form == VarianceForm.RandomBatches ? 1.5 : 1.25);
        Assert.Equal(Truth, mean, 4 * spread / Math.Sqrt(Sets) + (Truth * Truth / Samples));
    }

    [Fact]
    public void The_error_covers_the_lean_of_a_probe_set_that_is_small_beside_the_noise_scale()
    {
        // T = 64 of 320 samples: ‖g‖² is too large by a fifth, and in as many as 64 directions it hardly scatters.
        double[] point = [.. Enumerable.Repeat(Deviation / 8, 64)];
        const double truth = 64;
        var random = new Random(4);
        var measured = Enumerable
            .Range(0, 120)
            .Select(_ => NoiseScale(random, 320, VarianceForm.PerSample, point))
            .ToList();
        Assert.True(measured.Average(estimate => estimate.Value) < 0.95 * truth);
        var distance = Math.Sqrt(measured.Average(estimate => Math.Pow(estimate.Value - truth, 2)));
        Assert.InRange(Math.Sqrt(measured.Average(estimate => estimate.Error * estimate.Error)) / distance, 0.75, 1.35);
    }

    [Fact]
    public void The_error_falls_with_the_root_of_the_number_of_samples()
    {
        var random = new Random(2);
        var few = Enumerable.Range(0, 20).Average(_ => NoiseScale(random, 256, VarianceForm.PerSample).Error);
        var many = Enumerable.Range(0, 20).Average(_ => NoiseScale(random, 4096, VarianceForm.PerSample).Error);
        Assert.InRange(few / many, 3, 5.5);
    }

    [Fact]
    public void One_sample_has_no_noise_scale()
    {
        using var at = At(new Random(3), 1, Point);
        Assert.Null(new CurvatureStatistics(at.Linearization, TimeProvider.System).Gradient().NoiseScale);
    }

    private static Estimate NoiseScale(Random random, int samples, VarianceForm form, double[]? point = null)
    {
        using var at = At(random, samples, point ?? Point);
        return new CurvatureStatistics(at.Linearization, TimeProvider.System)
            .Gradient(
                new GradientOptions
                {
                    Form = form,
                    BatchSize = 8,
                    Partitions = 4,
                }
            )
            .NoiseScale!;
    }

    private static Placed At(Random random, int samples, double[] point)
    {
        int outputs = point.Length;
        var source = new ScriptModelSource(
            "constant",
            "def forward(self, x: Tensor) -> Tensor:\n    return x * 0 + self.w\n",
            [new("w", [outputs])],
            []
        );
        double[] targets = [.. Enumerable.Range(0, samples * outputs).Select(_ => Deviation * Normal(random))];
        var data = Samples.Regression(
            new double[samples * outputs],
            [samples, outputs],
            targets,
            outputs,
            ElementType.Float64,
            Device.Cpu
        );
        return new Placed(
            ScriptModel.Define(source, ElementType.Float64, Device.Cpu),
            data,
            Vector.From(point, ElementType.Float64, Device.Cpu)
        );
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Placed : IDisposable
    {
        private readonly List<IDisposable> _owned;

        internal Placed(ScriptModel model, Samples data, Vector theta)
        {
            var objective = new Objective(model, data, Loss.MeanSquaredError, BatchNormMode.Eval, 16);
            Linearization = new Linearization(objective, theta);
            _owned = [Linearization, objective, theta, data, model];
        }

        internal Linearization Linearization { get; }

        public void Dispose() => _owned.ForEach(owned => owned.Dispose());
    }
}
