using CurvatureMonitor.Reports.Figures;

namespace CurvatureMonitor.Reports.Tests.Figures;

/// <summary>Axes.</summary>
public sealed class AxisScaleTests
{
    [Fact]
    public void Scales_map_their_ends_to_0_and_1_and_invert()
    {
        double[] values = [-3.7, 0, 2e-4, 12];
        AxisScale[] scales = [LinearScale.Around(values), SymmetricLogScale.Around(values), LogScale.Around(values, 8)];
        foreach (var scale in scales)
        {
            Assert.Equal(0, scale.Place(scale.Low), 1e-12);
            Assert.Equal(1, scale.Place(scale.High), 1e-12);
            Assert.InRange(scale.Ticks.Count, 2, 12);
            Assert.All(scale.Ticks, tick => Assert.InRange(scale.Place(tick.Value), -1e-9, 1 + 1e-9));
            Assert.Equal(scale.Ticks.Count, scale.Ticks.Select(tick => tick.Label).Distinct().Count());
            foreach (double value in values.Where(value => value > 0))
            {
                Assert.Equal(value, scale.ValueAt(scale.Place(value)), 1e-9 * value);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(5.0)]
    [InlineData(-1e-17)]
    [InlineData(1e12)]
    public void A_single_value_still_makes_an_axis(double value)
    {
        foreach (
            var scale in new AxisScale[]
            {
                LinearScale.Around([value]),
                SymmetricLogScale.Around([value]),
                LogScale.Around([value], 8),
            }
        )
        {
            Assert.True(scale.High > scale.Low);
            Assert.NotEmpty(scale.Ticks);
            Assert.True(double.IsFinite(scale.Place(scale.Low)));
        }
    }
}
