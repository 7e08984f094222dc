using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Ritz values against exact eigenvalues.</summary>
public class RitzValueTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void Every_ritz_value_lies_within_its_error_bar_of_an_exact_eigenvalue(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 5);
        foreach (var steps in new[] { 1, 2, 5, 12, 25, 40 })
        {
            using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
            for (var i = 0; i < decomposition.Steps; i++)
            {
                var value = decomposition.RitzValue(i);
                Assert.InRange(
                    Matrices.DistanceToNearest(value.Value, exact),
                    0,
                    decomposition.RitzPairs[i].ResidualBound + decomposition.RoundingBound
                );
                Assert.True(value.Error >= decomposition.RitzPairs[i].ResidualBound);
            }
        }
    }
}
