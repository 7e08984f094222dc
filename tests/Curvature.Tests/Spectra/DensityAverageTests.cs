using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Averages over probes.</summary>
public class DensityAverageTests
{
    [Fact]
    public void An_average_counts_each_probe_once()
    {
        var three = SpectralDensity.Create([1], [1], 10, probes: 3);
        var one = SpectralDensity.Create([5], [1], 10);
        var average = SpectralDensity.Average([three, one]);
        Assert.Equal(4, average.Probes);
        Assert.Equal(2, average.Moment(1), 1e-15);
        Assert.Throws<ArgumentException>(() => SpectralDensity.Average([one, SpectralDensity.Create([5], [1], 11)]));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Average([]));
    }

    [Fact]
    public void Stems_that_are_no_density_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SpectralDensity.Create([], [], 5));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Create([1], [1, 2], 5));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Create([1, 2], [1, -1], 5));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Create([double.NaN], [1], 5));
        Assert.Throws<ArgumentException>(() => SpectralDensity.Create([1], [double.NaN], 5));
    }

    [Fact]
    public void Start_vectors_are_unit_vectors_fixed_by_their_seed()
    {
        using var first = Vectors.Random(1000, 42);
        using var again = Vectors.Random(1000, 42);
        using var other = Vectors.Random(1000, IsotropicStart.ProbeSeed(42, 1));
        using var signs = first.ZerosLike();
        IsotropicStart.Fill(signs, 42, StartDistribution.Rademacher);
        Assert.Equal(first.ToArray(), again.ToArray());
        Assert.Equal(1, first.Norm(), 1e-14);
        Assert.InRange(Math.Abs(first.Dot(other)), 0, 0.15);
        Assert.All(signs.ToArray(), value => Assert.Equal(1 / Math.Sqrt(1000), Math.Abs(value), 1e-15));
        Assert.Equal(42, IsotropicStart.ProbeSeed(42, 0));
    }
}
