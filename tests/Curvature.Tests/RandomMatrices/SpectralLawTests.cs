using CurvatureMonitor.Curvature.RandomMatrices;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.Integration;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

public class SpectralLawTests
{
    private static readonly ISpectralLaw[] Laws =
    [
        new WignerSemicircle(),
        new WignerSemicircle(2.5),
        new WignerSemicircle(0.01),
        new MarchenkoPastur(0.5),
        new MarchenkoPastur(2),
        new MarchenkoPastur(1),
        new MarchenkoPastur(0.01, 3),
        new MarchenkoPastur(40, 0.2),
        new MarchenkoPastur(0.99),
    ];

    public static TheoryData<int> Every => [.. Enumerable.Range(0, Laws.Length)];

    [Theory]
    [MemberData(nameof(Every))]
    public void The_distribution_function_is_the_integral_of_the_density_plus_the_atom(int index)
    {
        var law = Laws[index];
        var atom = law is MarchenkoPastur { Ratio: > 1 } pastur ? 1 - (1 / pastur.Ratio) : 0;
        Assert.Equal(0, law.Cumulative(Math.Min(law.LowerEdge, 0) - 1e-9));
        Assert.Equal(1, law.Cumulative(law.UpperEdge), 1e-12);
        foreach (var share in new[] { 1e-3, 0.1, 0.35, 0.5, 0.8, 0.999, 1 })
        {
            var end = law.LowerEdge + (share * (law.UpperEdge - law.LowerEdge));
            Assert.Equal(atom + Integral(law, _ => 1, end), law.Cumulative(end), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Moments_are_those_of_the_density(int index)
    {
        var law = Laws[index];
        Assert.Equal(1, law.Moment(0));
        for (var order = 1; order <= 9; order++)
        {
            var k = order;
            var expected = Integral(law, x => Math.Pow(x, k), law.UpperEdge);
            Assert.Equal(
                expected,
                law.Moment(order),
                1e-7 * Math.Pow(Math.Max(Math.Abs(law.LowerEdge), law.UpperEdge), order)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_spike_is_found_where_the_stieltjes_transform_is_its_inverse(int index)
    {
        // G(z) = 1/s at the location z of an outlier (Benaych-Georges and Nadakuditi 2011), with G by quadrature:
        // another road than the R-transform.
        var law = Laws[index];
        var atom = law is MarchenkoPastur { Ratio: > 1 } pastur ? 1 - (1 / pastur.Ratio) : 0;
        var width = law.UpperEdge - law.LowerEdge;
        foreach (var spike in new[] { 20 * width, 3 * width, 1.2 * law.UpperEdge, -3 * width, -20 * width })
        {
            var z = law.SpikeLocation(spike);
            Assert.True(spike > 0 ? z > law.UpperEdge : z < law.LowerEdge, $"{spike} went to {z}");
            Assert.Equal(1, spike * ((atom / z) + Integral(law, x => 1 / (z - x), law.UpperEdge)), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Below_the_threshold_a_spike_leaves_the_edge_where_it_is_and_beyond_it_departs_continuously(int index)
    {
        var law = Laws[index];
        var threshold = law is MarchenkoPastur pastur
            ? pastur.Variance * (pastur.Ratio + Math.Sqrt(pastur.Ratio))
            : ((WignerSemicircle)law).Scale;
        Assert.Equal(law.UpperEdge, law.SpikeLocation(0.9 * threshold));
        Assert.Equal(law.UpperEdge, law.SpikeLocation(threshold * (1 + 1e-6)), 1e-9 * law.UpperEdge);
        Assert.True(law.SpikeLocation(1.1 * threshold) > law.UpperEdge);
    }

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

    // Over the angle of x = c − d cos φ, in which the roots at the edges are smooth; 400 midpoints are exact to
    // rounding but for poles near the edges.
    private static double Integral(ISpectralLaw law, Func<double, double> function, double end)
    {
        var (center, half) = ((law.UpperEdge + law.LowerEdge) / 2, (law.UpperEdge - law.LowerEdge) / 2);
        var angle = Math.Acos(Math.Clamp((center - end) / half, -1, 1));
        return GaussLegendreRule.Integrate(
            phi =>
            {
                var x = center - (half * Math.Cos(phi));
                return law.Density(x) * function(x) * half * Math.Sin(phi);
            },
            0,
            angle,
            256
        );
    }
}
