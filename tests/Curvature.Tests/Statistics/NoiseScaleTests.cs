using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>
/// The noise scale of data whose noise scale is known. The model's output is its one parameter tensor θ [K], whatever
/// the input, and ℓ_i = (1/K)‖θ − y_i‖², so g_i = (2/K)(θ − y_i): with y_i normal about 0 with variance s², tr Σ =
/// 4s²/K and ‖G‖² = (4/K²)‖θ‖², T = Ks²/‖θ‖².
/// </summary>
public sealed class NoiseScaleTests
{
    [Theory]
    [InlineData(VarianceForm.PerSample)]
    [InlineData(VarianceForm.RandomBatches)]
    [InlineData(VarianceForm.FixedBatches)]
    public void The_error_is_the_spread_over_probe_sets_drawn_from_the_same_data(VarianceForm form)
    {
        const int Samples = 640;
        const int Sets = 120;
        var random = new Random(1);
        var measured = Enumerable.Range(0, Sets).Select(_ => NoisySamples.NoiseScale(random, Samples, form)).ToList();
        var mean = measured.Average(estimate => estimate.Value);
        var spread = Math.Sqrt(measured.Sum(estimate => Math.Pow(estimate.Value - mean, 2)) / (Sets - 1));

        // S has variance 2S²/(KN), Q has 4Q·s²(2/K)²/N, and the two are independent for a normal distribution.
        if (form == VarianceForm.PerSample)
        {
            var known =
                NoisySamples.Truth
                * Math.Sqrt(((2.0 / NoisySamples.Outputs) + (4 * NoisySamples.Truth / NoisySamples.Outputs)) / Samples);
            Assert.Equal(known, spread, 0.2 * known);
        }

        // The spread of 120 sets is itself known to 6.5 %.
        var told = Math.Sqrt(measured.Average(estimate => estimate.Error * estimate.Error));
        Assert.InRange(told / spread, 0.8, form == VarianceForm.RandomBatches ? 1.5 : 1.25);
        Assert.Equal(
            NoisySamples.Truth,
            mean,
            4 * spread / Math.Sqrt(Sets) + (NoisySamples.Truth * NoisySamples.Truth / Samples)
        );
    }
}
