using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The top eigenvectors and the density of one operator at one checkpoint. Owns the vectors.</summary>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Vectors">Unit eigenvectors [P].</param>
/// <param name="Density">The density.</param>
internal sealed record TrackedEigenvectors(long Step, IReadOnlyList<Vector> Vectors, SpectralDensity Density)
    : IDisposable
{
    /// <summary>Frees the vectors.</summary>
    public void Dispose()
    {
        foreach (var vector in Vectors)
        {
            vector.Dispose();
        }
    }
}
