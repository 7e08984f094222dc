using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class SpectralDensityTests
{
    [Fact]
    public void Moments_up_to_2m_minus_1_are_those_of_the_start_vector() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 6).ToArbitrary(), (seed, steps) =>
            {
                using var symmetric = Matrices.Operator(
                    Matrices.WithEigenvalues(Matrices.Uniform(seed, 25, -1, 1.5), seed)
                );
                using var start = Vectors.StartFor(symmetric, seed);
                using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
                var density = SpectralDensity.From(decomposition);
                var exact = Vectors.Moments(symmetric, start, 2 * steps);
                return Enumerable
                        .Range(0, 2 * steps)
                        .All(k => Math.Abs(density.Moment(k) - exact[k]) < 1e-12 * Math.Pow(1.5, k) * 10)
                    && density.Moment(2 * steps) < exact[2 * steps];
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [MemberData(nameof(Krylov.LanczosTests.EveryMatrix), MemberType = typeof(Krylov.LanczosTests))]
    public void Weights_are_positive_and_sum_to_one_and_nodes_ascend(string name, ElementType type)
    {
        using var symmetric = Matrices.Operator(Matrices.Named(name), type);
        var density = Measure(symmetric, 1, 10);
        Assert.Equal(1, density.Weights.Sum(), 1e-14);
        Assert.All(density.Weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(density.Nodes.Order(), density.Nodes);
        Assert.Equal(40, density.Dimension);
    }

    [Fact]
    public void The_mean_over_many_probes_is_the_exact_moment_and_one_probe_strays_as_far_as_predicted()
    {
        var matrix = Matrices.Named("random", size: 60);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        const int probes = 400;
        var densities = Enumerable
            .Range(0, probes)
            .Select(seed => Measure(symmetric, IsotropicStart.ProbeSeed(11, seed), 8))
            .ToArray();
        for (var k = 1; k <= 6; k++)
        {
            var order = k;
            var values = densities.Select(density => density.Moment(order)).ToArray();
            var mean = exact.Average(value => Math.Pow(value, order));
            var variance = 2.0 / 62 * (exact.Average(value => Math.Pow(value, 2 * order)) - (mean * mean));
            Assert.Equal(mean, values.Average(), 4 * Math.Sqrt(variance / probes));
            Assert.InRange(values.Average(value => Math.Pow(value - mean, 2)) / variance, 0.7, 1.4);
        }

        var average = SpectralDensity.Average(densities);
        Assert.Equal(probes, average.Probes);
        Assert.Equal(densities.Average(density => density.Moment(3)), average.Moment(3), 1e-10);
        Assert.InRange(Math.Abs(average.Trace.Value - exact.Sum()), 0, 4 * average.Trace.Error);
        Assert.InRange(
            densities.Count(density => Math.Abs(density.Trace.Value - exact.Sum()) <= density.Trace.Error),
            230,
            310
        );
    }

    [Fact]
    public void A_full_run_from_the_uniform_vector_of_a_diagonal_matrix_gives_the_exact_distribution()
    {
        double[] entries = [.. Enumerable.Range(1, 30).Select(i => (double)i * i)];
        using var symmetric = Matrices.Operator(Matrices.Diagonal(entries));
        using var start = Vectors.StartFor(symmetric, 1);
        start.Fill(1);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 30 });
        var density = SpectralDensity.From(decomposition);
        Assert.Equal(entries.Sum(), density.Trace.Value, 1e-8);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(entries[i], density.Nodes[i], 1e-9);
            Assert.Equal(i / 30.0, density.Cumulative(entries[i] - 0.5), 1e-9);
            Assert.Equal((i + 1) / 30.0, density.Cumulative(entries[i] + 0.5), 1e-9);
        }
    }

    [Fact]
    public void The_distribution_function_goes_from_0_to_1_and_includes_its_node()
    {
        var density = SpectralDensity.Create([2, -1, 0.5], [1, 2, 1], 100);
        Assert.Equal([-1, 0.5, 2], density.Nodes);
        Assert.Equal([0.5, 0.25, 0.25], density.Weights);
        Assert.Equal(0, density.Cumulative(-1.5));
        Assert.Equal(0.5, density.Cumulative(-1));
        Assert.Equal(0.75, density.Cumulative(1));
        Assert.Equal(1, density.Cumulative(2));
        Assert.Equal(1, density.Moment(0));
        Assert.Equal(12.5, density.Trace.Value, 1e-12);
    }

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

    private static SpectralDensity Measure(Curvature.Operators.DenseOperator symmetric, long seed, int steps)
    {
        using var start = Vectors.StartFor(symmetric, seed);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
        return SpectralDensity.From(decomposition);
    }
}
