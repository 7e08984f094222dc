using CurvatureMonitor.Curvature.Krylov;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Entries of eigenvectors, computed without the vectors.</summary>
public class TridiagonalWeightTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(41)]
    public void First_and_last_entries_are_those_of_the_full_eigenvectors(int size)
    {
        var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(size, 7);
        var ends = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        var full = TridiagonalEigensolver.Solve(diagonal, offDiagonal, vectors: true);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(full.Values[i], ends.Values[i]);
            Assert.Equal(full.Vector(i)[0], ends.First(i), 1e-14);
            Assert.Equal(full.Vector(i)[size - 1], ends.Last(i), 1e-14);
            Assert.Equal(full.Last(i), ends.Last(i), 1e-14);
        }
    }

    [Fact]
    public void Trace_frobenius_norm_and_weights_are_kept() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 30).ToArbitrary(), (seed, size) =>
            {
                var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(size, seed);
                var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
                var values = system.Values.ToArray();
                var weights = Enumerable.Range(0, size).Sum(i => system.First(i) * system.First(i));
                var mean = Enumerable.Range(0, size).Sum(i => system.First(i) * system.First(i) * values[i]);
                var frobenius = diagonal.Sum(x => x * x) + (2 * offDiagonal.Sum(x => x * x));
                return Math.Abs(values.Sum() - diagonal.Sum()) < 1e-11
                    && Math.Abs(values.Sum(x => x * x) - frobenius) < 1e-10
                    && Math.Abs(weights - 1) < 1e-12
                    && Math.Abs(mean - diagonal[0]) < 1e-11;
            })
            .QuickCheckThrowOnFailure();
}
