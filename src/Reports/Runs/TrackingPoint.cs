using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// How the top eigenvectors lie to those of the checkpoint tracked before, and to the gradient: without the matrix of
/// all overlaps and the curvature along each vector, which a saved analysis has and the page does not draw.
/// </summary>
internal sealed record TrackingPoint
{
    /// <summary>(vᵢᵀuᵢ)² by rank; absent where nothing was tracked before.</summary>
    public IReadOnlyList<double>? Overlaps { get; init; }

    /// <summary>Overlap of the two eigenspaces.</summary>
    public double? SubspaceOverlap { get; init; }

    /// <summary>Share of ‖g‖² in the top eigenspace.</summary>
    public double? GradientAlignment { get; init; }

    internal static TrackingPoint Of(TrackingMeasurement tracking) =>
        new()
        {
            Overlaps = tracking.OverlapsByRank() is { Count: > 0 } overlaps ? overlaps : null,
            SubspaceOverlap = tracking.SubspaceOverlap?.Value,
            GradientAlignment = tracking.GradientAlignment?.Value,
        };
}
