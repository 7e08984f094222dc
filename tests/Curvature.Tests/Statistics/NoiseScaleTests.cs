using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>
/// The noise scale of data whose noise scale is known. The model's output is its one parameter tensor θ [K], whatever the input, and ℓ_i = (1/K)‖θ − y_i‖², so
/// g_i = (2/K)(θ − y_i): with y_i normal about 0 with variance s², tr Σ = 4s²/K and ‖G‖² = (4/K²)‖θ‖², T = Ks²/‖θ‖².
/// </summary>
public sealed class NoiseScaleTests : IDisposable
{
    private const int Outputs = 4;
    private const double Deviation = 1.5;

    private static readonly double[] Point = [2, -1, 0.5, 1];

    private readonly ScriptModel _model = ScriptModel.Define(
        new ScriptModelSource("constant", "def forward(self, x: Tensor) -> Tensor:\n    return x * 0 + self.w\n", [new("w", [Outputs])], []), ElementType.Float64, Device.Cpu);

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
        using var at = At(new Random(3), 1);
        Assert.Null(new CurvatureStatistics(at.Linearization, TimeProvider.System).Gradient().NoiseScale);
    }

    public void Dispose() => _model.Dispose();

    private Estimate NoiseScale(Random random, int samples, VarianceForm form)
    {
        using var at = At(random, samples);
        return new CurvatureStatistics(at.Linearization, TimeProvider.System).Gradient(new GradientOptions { Form = form, BatchSize = 8, Partitions = 4 }).NoiseScale!;
    }

    private Placed At(Random random, int samples)
    {
        double[] targets = [.. Enumerable.Range(0, samples * Outputs).Select(_ => Deviation * Normal(random))];
        var data = Samples.Regression(new double[samples * Outputs], [samples, Outputs], targets, Outputs, ElementType.Float64, Device.Cpu);
        return new Placed(_model, data, Vector.From(Point, ElementType.Float64, Device.Cpu));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Placed : IDisposable
    {
        private readonly List<IDisposable> _owned;

        internal Placed(ScriptModel model, Samples data, Vector theta)
        {
            var objective = new Objective(model, data, Loss.MeanSquaredError, BatchNormMode.Eval, 16);
            Linearization = new Linearization(objective, theta);
            _owned = [Linearization, objective, theta, data];
        }

        internal Linearization Linearization { get; }

        public void Dispose() => _owned.ForEach(owned => owned.Dispose());
    }
}
