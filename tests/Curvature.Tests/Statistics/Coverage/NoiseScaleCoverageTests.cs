using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// The error bar of the gradient noise scale is about the data that a probe set was drawn from. Sixty samples of each
/// case stand for the data here, and probe sets are drawn from them with replacement.
/// </summary>
public sealed class NoiseScaleCoverageTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void The_noise_scale_lies_within_its_error_bars_as_often_as_promised(int samplesPerNoiseScale)
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            var population = Population.Of(name);
            var random = new Random(1);
            var samples = (int)(samplesPerNoiseScale * population.NoiseScale);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                tally.Add("noise scale", name, population.NoiseScale, population.Measure(samples, random));
            }
        }

        tally.AssertErrorBarsCover(output);
    }
}
