using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Effective ranks and the rank degeneracy.</summary>
public class EffectiveRankTests
{
    [Fact]
    public void The_rank_degeneracy_is_the_mass_of_the_nearest_stems_to_zero()
    {
        var density = SpectralDensity.Create([-0.001, 0.003, 0.5, 2, -1], [0.5, 0.3, 0.1, 0.05, 0.05], 1000);
        Assert.Equal(new RankDegeneracy(0.5, -0.001, 1), RankDegeneracy.Of(density, OperatorKind.GaussNewton));
        var hessian = RankDegeneracy.Of(density, OperatorKind.Hessian);
        Assert.Equal(0.8, hessian.Mass, 1e-14);
        Assert.Equal(((-0.001 * 0.5) + (0.003 * 0.3)) / 0.8, hessian.Value, 1e-15);
        Assert.Equal(2, hessian.RitzValues);

        // An average over two probes holds twice as many stems.
        var average = SpectralDensity.Average([
            density,
            SpectralDensity.Create([0.002, 1, -0.0005], [0.7, 0.1, 0.2], 1000),
        ]);
        Assert.Equal((0.5 + 0.2) / 2, RankDegeneracy.Of(average, 1).Mass, 1e-14);
        Assert.Equal(1, RankDegeneracy.Of(density, 99).Mass, 1e-14);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(7, 40)]
    [InlineData(1000, 1_000_000)]
    public void Every_effective_rank_of_a_projector_is_its_rank(long rank, long dimension)
    {
        var share = rank / (double)dimension;
        var effective = EffectiveRank.Of(SpectralDensity.Create([0, -3e200], [1 - share, share], dimension))!;
        Assert.Equal(rank, effective.Entropy, 1e-8 * rank);
        Assert.Equal(rank, effective.Participation, 1e-8 * rank);
        Assert.Equal(rank, effective.Stable, 1e-8 * rank);
    }
}
