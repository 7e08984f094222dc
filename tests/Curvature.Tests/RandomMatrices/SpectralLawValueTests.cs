using CurvatureMonitor.Curvature.RandomMatrices;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>Known values of the laws.</summary>
public class SpectralLawValueTests
{
    [Fact]
    public void A_law_scales_with_its_parameter() =>
        Prop.ForAll(
                Gen.Choose(1, 400).Select(n => n / 100.0).ToArbitrary(),
                Gen.Choose(1, 900).Select(n => n / 100.0).ToArbitrary(),
                Gen.Choose(-50, 150).Select(n => n / 100.0).ToArbitrary(),
                (ratio, variance, place) =>
                {
                    var (unit, scaled) = (new MarchenkoPastur(ratio), new MarchenkoPastur(ratio, variance));
                    var x = unit.UpperEdge * place;
                    var circle = new WignerSemicircle(variance);
                    return Math.Abs(unit.Cumulative(x) - scaled.Cumulative(x * variance)) < 1e-9
                        && Math.Abs(unit.Density(x) - (variance * scaled.Density(x * variance)))
                            < 1e-9 * Math.Max(1, unit.Density(x))
                        && Math.Abs(new WignerSemicircle().Cumulative(x) - circle.Cumulative(x * variance)) < 1e-9;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Known_values()
    {
        Assert.Equal(1 / Math.PI, new WignerSemicircle().Density(0), 1e-15);
        Assert.Equal([1, 0, 1, 0, 2, 0, 5, 0, 14], Enumerable.Range(0, 9).Select(new WignerSemicircle().Moment));
        Assert.Equal(0.5, new WignerSemicircle(7).Cumulative(0));
        var pastur = new MarchenkoPastur(0.5, 2);
        Assert.Equal(2, pastur.Moment(1));
        Assert.Equal(4 * (1 + 0.5), pastur.Moment(2));
        Assert.Equal(8 * (1 + 1.5 + 0.25), pastur.Moment(3));
        Assert.Equal(0.5, new MarchenkoPastur(2).MassAtZero);
        Assert.Equal(0.5, new MarchenkoPastur(2).Cumulative(0));
        Assert.Equal(0, new MarchenkoPastur(0.5).Cumulative(0));
        Assert.Equal(20, WignerSemicircle.ForMatrix(100, 4).Scale);
    }

    [Fact]
    public void Parameters_that_make_no_law_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WignerSemicircle(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarchenkoPastur(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarchenkoPastur(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WignerSemicircle().SpikeLocation(0));
    }
}
