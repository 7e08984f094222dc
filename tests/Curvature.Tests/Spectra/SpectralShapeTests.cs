using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class SpectralShapeTests
{
    private static Arbitrary<double[]> Values(int count) =>
        Gen.Choose(-60, 60).Select(n => n / 10.0).ArrayOf(count).ToArbitrary();

    [Fact]
    public void The_wasserstein_distance_of_equal_weights_is_the_mean_distance_of_sorted_values() =>
        Prop.ForAll(Values(17), Values(17), (a, b) =>
            {
                var expected = a.Order().Zip(b.Order(), (x, y) => Math.Abs(x - y)).Average();
                return Math.Abs(SpectralDistance.Wasserstein(Equal(a), Equal(b)) - expected) < 1e-12;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_distances_are_metrics() =>
        Prop.ForAll(Values(5), Values(8), Values(11), (a, b, c) =>
            {
                return Metric(SpectralDistance.Wasserstein) && Metric(SpectralDistance.Kolmogorov);

                bool Metric(Func<SpectralDensity, SpectralDensity, double> distance) =>
                    distance(Equal(a), Equal(a)) < 1e-14
                    && Math.Abs(distance(Equal(a), Equal(b)) - distance(Equal(b), Equal(a))) < 1e-13
                    && distance(Equal(a), Equal(c))
                        <= distance(Equal(a), Equal(b)) + distance(Equal(b), Equal(c)) + 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_wasserstein_distance_moves_with_a_shift_and_is_at_least_the_difference_of_means()
    {
        var density = SpectralDensity.Create([-1, 0, 3], [0.2, 0.5, 0.3], 10);
        var shifted = SpectralDensity.Create([1, 2, 5], [0.2, 0.5, 0.3], 10);
        Assert.Equal(2, SpectralDistance.Wasserstein(density, shifted), 1e-14);
        var split = SpectralDensity.Create([-1, 1], [1, 1], 10);
        Assert.Equal(1, SpectralDistance.Wasserstein(split, SpectralDensity.Create([0], [1], 10)), 1e-14);
        Assert.Equal(0.5, SpectralDistance.Kolmogorov(split, SpectralDensity.Create([0], [1], 10)), 1e-14);
    }

    [Fact]
    public void The_distance_from_a_law_is_that_from_many_of_its_quantiles()
    {
        foreach (
            ISpectralLaw law in new ISpectralLaw[]
            {
                new WignerSemicircle(),
                new MarchenkoPastur(0.5),
                new MarchenkoPastur(3, 2),
            }
        )
        {
            var quantiles = Equal([.. Enumerable.Range(0, 20_000).Select(i => Quantile(law, (i + 0.5) / 20_000))]);
            var density = SpectralDensity.Create([-0.5, 0, 0.7, 1.4, 4], [0.1, 0.2, 0.3, 0.2, 0.2], 10);
            Assert.Equal(
                SpectralDistance.Wasserstein(density, quantiles),
                SpectralDistance.Wasserstein(density, law),
                1e-3
            );
            Assert.Equal(
                SpectralDistance.Kolmogorov(density, quantiles),
                SpectralDistance.Kolmogorov(density, law),
                2e-4
            );
            Assert.InRange(SpectralDistance.Kolmogorov(quantiles, law), 0, 1e-4);
        }
    }

    [Fact]
    public void Negative_eigenvalues_are_a_share_of_all_and_negative_mass_is_their_share_of_the_sum_of_sizes()
    {
        var density = SpectralDensity.Create([-2, -1e-4, 0, 1], [0.1, 0.3, 0.4, 0.2], 98, 4);
        Assert.Equal(0.4, density.NegativeEigenvalues().Value, 1e-14);
        Assert.Equal(0.1, density.NegativeEigenvalues(1e-3).Value, 1e-14);
        Assert.Equal(0, density.NegativeEigenvalues(2).Value);
        Assert.Equal(Math.Sqrt(2.0 / 400 * 0.4 * 0.6), density.NegativeEigenvalues().Error, 1e-14);
        Assert.Equal(0.20003 / 0.40003, density.NegativeMass()!.Value, 1e-14);
        Assert.Equal(0.2 / 0.40003, density.NegativeMass(1e-3)!.Value, 1e-14);
        Assert.Equal(0, density.NegativeMass(2)!.Value);
        Assert.Null(SpectralDensity.Create([0], [1], 5).NegativeMass());

        // A spectrum of one sign has no chance in it: neither share has an error.
        foreach (var (sign, share) in new[] { (-1.0, 1.0), (1.0, 0.0) })
        {
            var single = SpectralDensity.Create([sign, 2 * sign], [0.5, 0.5], 9);
            Assert.Equal(new Estimate(share, 0), single.NegativeEigenvalues());
            Assert.Equal(new Estimate(share, 0), single.NegativeMass());
        }
    }

    [Fact]
    public void Negative_eigenvalues_and_negative_mass_scatter_about_the_exact_ones_as_their_errors_say()
    {
        var exact = Matrices.Eigenvalues(Matrices.Named("random", size: 60));
        var share = exact.Count(value => value < 0) / 60.0;
        var size = exact.Where(value => value < 0).Sum(Math.Abs) / exact.Sum(Math.Abs);
        using var symmetric = Matrices.Operator(Matrices.Named("random", size: 60));
        var densities = Enumerable
            .Range(1, 60)
            .Select(seed =>
            {
                using var start = Vectors.StartFor(symmetric, seed);
                using var decomposition = Krylov(symmetric, start);
                return SpectralDensity.From(decomposition);
            })
            .ToArray();
        Assert.InRange(
            densities.Average(density =>
                Math.Pow((density.NegativeEigenvalues().Value - share) / density.NegativeEigenvalues().Error, 2)
            ),
            0.5,
            1.7
        );
        Assert.InRange(
            densities.Average(density =>
                Math.Pow((density.NegativeMass()!.Value - size) / density.NegativeMass()!.Error, 2)
            ),
            0.5,
            1.7
        );

        static Curvature.Krylov.LanczosDecomposition Krylov(ISymmetricOperator symmetric, Torch.Vector start) =>
            Curvature.Krylov.Lanczos.Run(symmetric, start, new Curvature.Krylov.LanczosOptions { Steps = 60 });
    }

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

    [Fact]
    public void The_effective_ranks_are_those_of_the_eigenvalues_and_in_order() =>
        Prop.ForAll(Values(25), values =>
            {
                var effective = EffectiveRank.Of(Equal(values));
                var total = values.Sum(Math.Abs);
                if (total == 0)
                {
                    return effective is null;
                }

                var shares = values.Where(x => x != 0).Select(x => Math.Abs(x) / total).ToArray();
                return Math.Abs(effective!.Entropy - Math.Exp(-shares.Sum(p => p * Math.Log(p)))) < 1e-9
                    && Math.Abs(effective.Participation - (1 / shares.Sum(p => p * p))) < 1e-9
                    && Math.Abs(effective.Stable - (values.Sum(x => x * x) / Math.Pow(values.Max(Math.Abs), 2))) < 1e-9
                    && effective.Stable <= effective.Participation + 1e-9
                    && effective.Participation <= effective.Entropy + 1e-9;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_zero_operator_has_no_effective_rank() =>
        Assert.Null(EffectiveRank.Of(SpectralDensity.Create([0, 0], [1, 2], 5)));

    private static SpectralDensity Equal(double[] values) =>
        SpectralDensity.Create(values, [.. values.Select(_ => 1.0)], values.Length);

    private static double Quantile(ISpectralLaw law, double share)
    {
        if (law is MarchenkoPastur pastur && share <= pastur.MassAtZero)
        {
            return 0;
        }

        var (low, high) = (law.LowerEdge, law.UpperEdge);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = law.Cumulative(middle) < share ? (middle, high) : (low, middle);
        }

        return high;
    }
}
