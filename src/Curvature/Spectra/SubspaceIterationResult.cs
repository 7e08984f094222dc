using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>The eigenpairs that a subspace iteration found, largest magnitude first.</summary>
public sealed class SubspaceIterationResult : IDisposable
{
    internal SubspaceIterationResult(Basis vectors, Estimate[] values, bool converged, int iterations)
    {
        Vectors = vectors;
        Values = values;
        Converged = converged;
        Iterations = iterations;
    }

    /// <summary>The unit Ritz vectors [P, C], orthonormal.</summary>
    public Basis Vectors { get; }

    /// <summary>
    /// The Ritz values qᵀAq with their signs, each with its residual ‖Aq − θq‖: some eigenvalue lies within it.
    /// </summary>
    public IReadOnlyList<Estimate> Values { get; }

    /// <summary>Whether every residual is within the tolerance.</summary>
    public bool Converged { get; }

    /// <summary>T, the iterations that were done.</summary>
    public int Iterations { get; }

    /// <summary>Frees the vectors.</summary>
    public void Dispose() => Vectors.Dispose();
}
