using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class EigenvalueGridTests
{
    private static readonly Gen<double> Eigenvalue =
        from exponent in Gen.Choose(-600, 500)
        from sign in Gen.Elements(-1.0, 0.0, 1.0)
        select sign * Math.Pow(10, exponent / 100.0);

    private static readonly Gen<double[]> Eigenvalues =
        from first in Eigenvalue
        from rest in Gen.ArrayOf(Eigenvalue)
        select (double[])[first, .. rest];

    [Fact]
    public void The_grid_has_35_bounds_two_a_decade_symmetric_about_zero()
    {
        var bounds = EigenvalueGrid.Bounds;
        Assert.Equal(35, bounds.Count);
        Assert.Equal(-1e4, bounds[0]);
        Assert.Equal(0, bounds[17]);
        Assert.Equal(1e-4, bounds[18]);
        Assert.Equal(1e4, bounds[34]);
        Assert.Equal(bounds, bounds.Order());
        Assert.Equal(bounds, bounds.Reverse().Select(b => -b));
        Assert.All(bounds.Skip(18).Zip(bounds.Skip(19)), pair =>
            Assert.Equal(Math.Sqrt(10), pair.Second / pair.First, 0.005)
        );
    }

    [Fact]
    public void Of_a_spectrum_that_is_known_exactly_the_counts_are_those_of_its_eigenvalues() =>
        Prop.ForAll(Eigenvalues.ToArbitrary(), eigenvalues =>
            {
                var weights = Enumerable.Repeat(1.0 / eigenvalues.Length, eigenvalues.Length).ToArray();
                var counts = EigenvalueGrid.CumulativeCounts(
                    SpectralDensity.Create(eigenvalues, weights, eigenvalues.Length)
                );
                var expected = EigenvalueGrid
                    .Bounds.Append(double.PositiveInfinity)
                    .Select(bound => (long)eigenvalues.Count(e => e <= bound));
                Assert.Equal(expected, counts);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Of_any_density_the_counts_rise_to_the_dimension_and_are_near_the_exact_share() =>
        Prop.ForAll(
                (
                    from nodes in Eigenvalues
                    from raw in Gen.ArrayOf(Gen.Choose(1, 1_000_000), nodes.Length)
                    from dimension in Gen.Choose(1, int.MaxValue)
                    select (nodes, weights: raw.Select(w => w / raw.Sum(x => (double)x)).ToArray(), dimension)
                ).ToArbitrary(),
                density =>
                {
                    var counts = EigenvalueGrid.CumulativeCounts(
                        SpectralDensity.Create(density.nodes, density.weights, density.dimension)
                    );
                    Assert.Equal(counts, counts.Order());
                    Assert.True(counts[0] >= 0);
                    Assert.Equal(density.dimension, counts[^1]);
                    for (var i = 0; i < EigenvalueGrid.Bounds.Count; i++)
                    {
                        var share = density
                            .nodes.Zip(density.weights)
                            .Where(p => p.First <= EigenvalueGrid.Bounds[i])
                            .Sum(p => p.Second);
                        Assert.Equal(density.dimension * share, counts[i], 0.51);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
