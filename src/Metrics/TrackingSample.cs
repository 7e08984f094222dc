namespace CurvatureMonitor.Metrics;

/// <summary>
/// How the top eigenvectors of one operator lie to those of the checkpoint tracked before, and to the gradient. What is
/// null is not exposed.
/// </summary>
/// <param name="Operator">The operator.</param>
public sealed record TrackingSample(string Operator)
{
    /// <summary>
    /// (vᵢᵀuᵢ)² by rank, the largest eigenvalue's first; empty where there is nothing to compare with.
    /// </summary>
    public IReadOnlyList<double> Overlaps { get; init; } = [];

    /// <summary>Overlap of the two eigenspaces, 0 to 1.</summary>
    public double? SubspaceOverlap { get; init; }

    /// <summary>Share of ‖g‖² in the top eigenspace, 0 to 1.</summary>
    public double? GradientAlignment { get; init; }
}
