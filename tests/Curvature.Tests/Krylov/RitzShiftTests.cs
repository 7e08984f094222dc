using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Ritz values under a shift of the matrix.</summary>
public class RitzShiftTests
{
    [Fact]
    public void Shifting_the_matrix_shifts_the_ritz_values_and_keeps_the_weights()
    {
        // Deep Curvature Suite, theorem 4.
        var matrix = Matrices.Named("random");
        var shifted = (double[,])matrix.Clone();
        for (var i = 0; i < 40; i++)
        {
            shifted[i, i] += 7;
        }

        using var original = Matrices.Operator(matrix);
        using var moved = Matrices.Operator(shifted);
        using var start = Vectors.StartFor(original, 2);
        using var first = Lanczos.Run(original, start, new LanczosOptions { Steps = 12 });
        using var second = Lanczos.Run(moved, start, new LanczosOptions { Steps = 12 });
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(first.RitzPairs[i].Value + 7, second.RitzPairs[i].Value, 1e-11);
            Assert.Equal(
                Math.Abs(first.RitzPairs[i].FirstComponent),
                Math.Abs(second.RitzPairs[i].FirstComponent),
                1e-10
            );
        }
    }
}
