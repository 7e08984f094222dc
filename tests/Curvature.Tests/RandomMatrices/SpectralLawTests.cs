using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

public class SpectralLawTests
{
    [Theory]
    [MemberData(nameof(SpectralLaws.Every), MemberType = typeof(SpectralLaws))]
    public void The_distribution_function_is_the_integral_of_the_density_plus_the_atom(int index)
    {
        var law = SpectralLaws.Laws[index];
        var atom = law is MarchenkoPastur { Ratio: > 1 } pastur ? 1 - (1 / pastur.Ratio) : 0;
        Assert.Equal(0, law.Cumulative(Math.Min(law.LowerEdge, 0) - 1e-9));
        Assert.Equal(1, law.Cumulative(law.UpperEdge), 1e-12);
        foreach (var share in new[] { 1e-3, 0.1, 0.35, 0.5, 0.8, 0.999, 1 })
        {
            var end = law.LowerEdge + (share * (law.UpperEdge - law.LowerEdge));
            Assert.Equal(atom + SpectralLaws.Integral(law, _ => 1, end), law.Cumulative(end), 1e-8);
        }
    }
}
