using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class FastLanczosTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
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
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
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
}
