using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Deflation by vectors that are no eigenvectors.</summary>
public class InexactDeflationTests
{
    [Fact]
    public void Deflation_by_inexact_vectors_keeps_the_trace()
    {
        // tr A = Σ qᵀAq + tr of the compression to the complement, for any orthonormal Q. A full run from every
        // coordinate of the complement would give the latter exactly; the mean over probes does within its scatter.
        var matrix = Matrices.Named("random");
        using var symmetric = Matrices.Operator(matrix);
        using var rough = SubspaceIteration.Run(symmetric, new SubspaceIterationOptions { Rank = 4, Iterations = 3 });
        Assert.False(rough.Converged);
        var density = DeflatedSpectrum.Measure(
            symmetric,
            rough.Vectors,
            [.. rough.Values.Select(value => value.Value)],
            new LanczosOptions { Steps = 36 },
            probes: 200
        );
        Assert.Equal(Matrices.Eigenvalues(matrix).Sum(), density.Trace.Value, 4 * density.Trace.Error);
        Assert.Throws<ArgumentException>(() => DeflatedSpectrum.Measure(symmetric, rough.Vectors, [1, 2]));
    }
}
