using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using static CurvatureMonitor.Curvature.Tests.Krylov.FactorisationAssertions;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class ThickRestartTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void The_factorisation_holds_and_the_basis_is_orthonormal_after_any_number_of_restarts(
        string name,
        ElementType type
    )
    {
        var matrix = Matrices.Named(name, size: 60);
        var norm = Matrices.NormOf(Matrices.Eigenvalues(matrix));
        var rounding = type == ElementType.Float64 ? 1e-13 : 1e-5;
        using var symmetric = Matrices.Operator(matrix, type);
        foreach (var restarts in new[] { 1, 2, 10, 40 })
        {
            using var process = new LanczosProcess(
                symmetric,
                Vectors.StartFor(symmetric, 3),
                16,
                breakdownTolerance: null,
                deviceBytes: long.MaxValue
            );
            for (var restart = 0; restart <= restarts; restart++)
            {
                while (process.CanStep && (restart < restarts || process.Size < 13))
                {
                    process.Step();
                }

                if (process.InvariantSubspace || restart == restarts)
                {
                    break;
                }

                process.Restart(
                    TridiagonalEigensolver.Solve(process.Alpha, process.Beta, vectors: true),
                    [0, 1, 2, 3, 14, 15]
                );
                Assert.Equal(6, process.Size);
            }

            using var decomposition = process.Finish();
            AssertFactorisation(symmetric, decomposition, rounding * norm, type == ElementType.Float64 ? 1e-13 : 3e-6);
        }
    }
}
