using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>What was found of one operator that other analyses go on from. Owns the vectors.</summary>
internal sealed class KrylovFindings(OperatorKind kind) : IDisposable
{
    /// <summary>Which operator.</summary>
    internal OperatorKind Kind { get; } = kind;

    /// <summary>Unit Ritz vectors of the largest Ritz values; empty where they were not asked for.</summary>
    internal List<Vector> Vectors { get; private set; } = [];

    /// <summary>The largest Ritz values that <see cref="Vectors"/> belong to.</summary>
    internal IReadOnlyList<Estimate> RitzValues { get; set; } = [];

    /// <summary>The density; null where it was not asked for.</summary>
    internal SpectralDensity? Density { get; set; }

    /// <summary>The largest eigenvalues, repeated ones as often as they are.</summary>
    internal IReadOnlyList<Estimate> Largest { get; set; } = [];

    /// <summary>The smallest eigenvalue.</summary>
    internal Estimate? Smallest { get; set; }

    /// <summary>The variance over samples; null where it was not asked for or cannot be had.</summary>
    internal Estimate? Variance { get; set; }

    /// <summary>
    /// The vectors whose Ritz values are eigenvalues to a tenth: beyond, a vector is not an eigenvector of anything.
    /// </summary>
    internal IReadOnlyList<Vector> Resolved => [.. Vectors.Take(ResolvedEigenvalues.Leading(RitzValues).Count)];

    /// <summary>Hands the resolved vectors over; the caller disposes them.</summary>
    internal IReadOnlyList<Vector> TakeResolved()
    {
        var taken = Resolved;
        Vectors = [.. Vectors.Skip(taken.Count)];
        return taken;
    }

    public void Dispose() => Vectors.ForEach(vector => vector.Dispose());
}
