using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class FastLanczosTests
{
    [Theory]
    [MemberData(nameof(LanczosTests.EveryMatrix), MemberType = typeof(LanczosTests))]
    public void Its_density_is_that_of_lanczos_with_reorthogonalisation(string name, ElementType type)
    {
        // As many steps as dimensions: full Lanczos is exact then, and fast Lanczos has long lost its orthogonality.
        var matrix = Matrices.Named(name, size: 60);
        var norm = Matrices.NormOf(Matrices.Eigenvalues(matrix));
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 3);
        using var full = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 60 });
        var exact = SpectralDensity.From(full);
        var fast = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 60 });
        Assert.Equal(1, fast.Density.Weights.Sum(), 1e-12);
        for (var k = 1; k <= 6; k++)
        {
            var scale = Math.Pow(norm, k);
            Assert.Equal(
                exact.Moment(k) / scale,
                fast.Density.Moment(k) / scale,
                type == ElementType.Float64 ? 1e-12 : 1e-5
            );
        }
    }

    [Theory]
    [MemberData(nameof(LanczosTests.EveryMatrix), MemberType = typeof(LanczosTests))]
    public void Its_ends_lie_within_their_errors_of_an_eigenvalue_however_many_ghosts_there_are(
        string name,
        ElementType type
    )
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 7);
        foreach (var steps in new[] { 1, 3, 10, 40, 200 })
        {
            var fast = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
            Assert.InRange(Matrices.DistanceToNearest(fast.LambdaMax.Value, exact), 0, fast.LambdaMax.Error);
            Assert.InRange(Matrices.DistanceToNearest(fast.LambdaMin.Value, exact), 0, fast.LambdaMin.Error);
            Assert.True(fast.Steps == steps || fast.InvariantSubspace);
        }
    }

    [Fact]
    public void Ghosts_of_an_outlier_appear_and_together_weigh_what_it_weighs()
    {
        // The outlier converges within few steps, and comes back again and again in 150.
        var matrix = Matrices.WithEigenvalues([10, .. Enumerable.Range(0, 299).Select(i => 0.003 * i)], 5);
        using var symmetric = Matrices.Operator(matrix);
        using var start = Vectors.StartFor(symmetric, 11);
        var steps = new List<LanczosProgress>();
        var fast = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 150 }, new Collect(steps));
        var ritz = TridiagonalEigensolver.Solve(
            [.. steps.Select(step => step.Alpha)],
            [.. steps.Select(step => step.Beta)]
        );
        var copies = ritz.Values.ToArray().Count(value => Math.Abs(value - 10) < 1e-6);
        Assert.True(copies >= 3, $"{copies} copies");

        using var full = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 40 });
        var weight = full.RitzPairs[0].FirstComponent * full.RitzPairs[0].FirstComponent;
        var nodes = fast.Density.Nodes.Zip(fast.Density.Weights).Where(stem => stem.First > 5).ToArray();
        Assert.Equal(weight, nodes.Sum(stem => stem.Second), 1e-13);
        Assert.True(nodes.Length < copies);
        Assert.Equal(10, fast.LambdaMax.Value, 1e-10);
    }

    [Fact]
    public void The_same_start_vector_gives_the_same_density_and_is_left_alone()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 2);
        start.Scale(17);
        var before = start.ToArray();
        var first = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        var second = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        Assert.Equal(first.Density.Nodes, second.Density.Nodes);
        Assert.Equal(first.Density.Weights, second.Density.Weights);
        Assert.Equal(before, start.ToArray());
    }

    [Fact]
    public void Zero_and_identity_end_after_one_step()
    {
        foreach (var (matrix, expected) in new[] { (Matrices.Identity(30), 1.0), (new double[30, 30], 0.0) })
        {
            using var symmetric = Matrices.Operator(matrix);
            using var start = Vectors.StartFor(symmetric, 1);
            var fast = FastLanczos.Run(symmetric, start);
            Assert.True(fast.InvariantSubspace);
            Assert.Equal(1, fast.Steps);
            Assert.Equal(expected, Assert.Single(fast.Density.Nodes), 1e-14);
        }
    }

    [Fact]
    public void Bad_starts_bad_products_and_senseless_options_are_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var zero = Vector.Zeros(40, ElementType.Float64, Device.Cpu);
        using var shortOne = Vectors.Random(7, 1);
        using var start = Vectors.StartFor(symmetric, 1);
        Assert.Throws<ArgumentException>(() => FastLanczos.Run(symmetric, zero));
        Assert.Throws<ArgumentException>(() => FastLanczos.Run(symmetric, shortOne));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 0 })
        );
        var poisoned = new Vectors.FunctionOperator(40, (_, result) => result.Fill(double.NaN));
        Assert.Equal(1, Assert.Throws<NonFiniteException>(() => FastLanczos.Run(poisoned, start)).Step);
    }

    private sealed class Collect(List<LanczosProgress> steps) : IProgress<LanczosProgress>
    {
        public void Report(LanczosProgress value) => steps.Add(value);
    }
}
