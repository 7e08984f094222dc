using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>What a tracking says of each rank.</summary>
public static class TrackingOverlaps
{
    /// <summary>(vᵢᵀuᵢ)² of the eigenvectors of equal rank; empty where nothing was tracked before.</summary>
    /// <param name="tracking">The measurement.</param>
    public static IReadOnlyList<double> OverlapsByRank(this TrackingMeasurement tracking)
    {
        ArgumentNullException.ThrowIfNull(tracking);
        return
        [
            .. tracking.Overlap.Index().Where(row => row.Index < row.Item.Count).Select(row => row.Item[row.Index]),
        ];
    }
}
