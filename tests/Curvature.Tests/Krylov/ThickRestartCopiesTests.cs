using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using static CurvatureMonitor.Curvature.Tests.Krylov.FactorisationAssertions;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Repeated eigenvalues in restarted searches.</summary>
public class ThickRestartCopiesTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void Every_copy_of_the_ends_is_found_in_order_and_their_bounds_hold(string name, ElementType type)
    {
        var matrix = Matrices.Named(name, size: 90);
        var exact = Matrices.Eigenvalues(matrix);
        var norm = Matrices.NormOf(exact);
        var tolerance = type == ElementType.Float64 ? 1e-9 : 1e-4;
        using var symmetric = Matrices.Operator(matrix, type);
        var options = new ExtremalOptions
        {
            Top = 7,
            Bottom = 4,
            Tolerance = tolerance,
            MaximumSteps = 5000,
            MaximumVectors = 30,
            SearchComplement = true,
        };
        using var result = ExtremalEigenpairs.Find(symmetric, options);
        Assert.True(result.Converged);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(exact[i], result.Top[i].Value, 2 * tolerance * norm);
            Assert.InRange(result.Top[i].ResidualBound, 0, 2 * tolerance * norm);
            AssertResidual(symmetric, result.Top[i], result.TopVectors[i], result.RoundingBound);
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(exact[^(i + 1)], result.Bottom[i].Value, 2 * tolerance * norm);
            AssertResidual(symmetric, result.Bottom[i], result.BottomVectors[i], result.RoundingBound);
        }

        AssertOrthonormal([.. result.TopVectors, .. result.BottomVectors], type == ElementType.Float64 ? 1e-12 : 3e-6);
    }
}
