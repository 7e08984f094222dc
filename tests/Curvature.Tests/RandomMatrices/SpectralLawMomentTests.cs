namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>The moments of the laws.</summary>
public class SpectralLawMomentTests
{
    [Theory]
    [MemberData(nameof(SpectralLaws.Every), MemberType = typeof(SpectralLaws))]
    public void Moments_are_those_of_the_density(int index)
    {
        var law = SpectralLaws.Laws[index];
        Assert.Equal(1, law.Moment(0));
        for (var order = 1; order <= 9; order++)
        {
            var k = order;
            var expected = SpectralLaws.Integral(law, x => Math.Pow(x, k), law.UpperEdge);
            Assert.Equal(
                expected,
                law.Moment(order),
                1e-7 * Math.Pow(Math.Max(Math.Abs(law.LowerEdge), law.UpperEdge), order)
            );
        }
    }
}
