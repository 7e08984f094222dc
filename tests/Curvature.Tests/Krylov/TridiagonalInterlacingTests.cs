using CurvatureMonitor.Curvature.Krylov;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Eigenvalues of a leading block.</summary>
public class TridiagonalInterlacingTests
{
    [Fact]
    public void Dropping_the_last_row_interlaces_the_eigenvalues() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(2, 30).ToArbitrary(), (seed, size) =>
            {
                var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(size, seed);
                var whole = TridiagonalEigensolver.Solve(diagonal, offDiagonal).Values.ToArray();
                var part = TridiagonalEigensolver.Solve(diagonal.AsSpan(0, size - 1), offDiagonal).Values.ToArray();
                return part.Select((value, i) => value <= whole[i] + 1e-12 && value >= whole[i + 1] - 1e-12)
                    .All(ok => ok);
            })
            .QuickCheckThrowOnFailure();
}
