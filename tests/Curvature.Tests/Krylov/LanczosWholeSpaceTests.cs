using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>A run over the whole space.</summary>
public class LanczosWholeSpaceTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void A_run_over_the_whole_space_finds_every_distinct_eigenvalue(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        var tolerance = (type == ElementType.Float64 ? 1e-12 : 1e-5) * Matrices.NormOf(exact);
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 5);
        using var decomposition = Lanczos.Run(
            symmetric,
            start,
            new LanczosOptions { Steps = 1000, BreakdownTolerance = 1e-30 }
        );
        var found = decomposition.RitzPairs.Select(pair => pair.Value).ToArray();
        Assert.True(decomposition.InvariantSubspace);
        Assert.All(exact, value => Assert.InRange(Matrices.DistanceToNearest(value, found), 0, tolerance));
        Assert.All(found, value => Assert.InRange(Matrices.DistanceToNearest(value, exact), 0, tolerance));
    }
}
