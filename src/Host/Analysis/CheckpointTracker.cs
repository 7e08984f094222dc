using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Keeps the top eigenvectors and densities of one checkpoint, and finds them again in the curvature of others. Owns
/// the vectors.
/// </summary>
internal sealed class CheckpointTracker : IDisposable
{
    private readonly Dictionary<OperatorKind, (IReadOnlyList<Vector> Vectors, SpectralDensity Density)> _kept = [];

    /// <summary>The checkpoint that is kept; null before there is one.</summary>
    internal long? Step { get; private set; }

    /// <summary>
    /// Keeps what was found of one operator at one step, and takes its vectors; nothing where that operator is kept
    /// already.
    /// </summary>
    internal void Keep(long step, KrylovFindings found)
    {
        Step = step;
        if (!_kept.ContainsKey(found.Kind))
        {
            _kept.Add(found.Kind, (found.TakeResolved(), found.Density!));
        }
    }

    /// <summary>This checkpoint beside the one that is kept, if there is one.</summary>
    /// <returns>The reading, and the products that it cost.</returns>
    internal (TrackingReading Reading, long Products) Track(
        CurvatureStatistics statistics,
        KrylovFindings found,
        long step,
        CancellationToken cancellation
    )
    {
        var current = found.Resolved;
        bool compares = Step != step && _kept.ContainsKey(found.Kind);
        var (earlier, density) = compares ? _kept[found.Kind] : ([], null!);
        var tracked = statistics.Track(found.Kind, earlier, current, cancellation);
        var reading = new TrackingReading
        {
            GradientShare = tracked.GradientAlignment?.Value,
            GradientShareError = tracked.GradientAlignment?.Error,
            GradientShares = tracked.GradientAlignments.Count > 0 ? tracked.GradientAlignments : null,
        };
        return (
            compares ? Compare(reading, tracked, found.Density!, density) : reading,
            tracked.Cost.CurvatureProducts
        );
    }

    private TrackingReading Compare(
        TrackingReading reading,
        TrackingMeasurement tracked,
        SpectralDensity current,
        SpectralDensity earlier
    ) =>
        reading with
        {
            ComparedWith = Step,
            Curvature = [.. tracked.Curvature.Select(value => value.Value)],
            CurvatureErrors = [.. tracked.Curvature.Select(value => value.Error)],
            Overlap = tracked.SubspaceOverlap is null ? null : tracked.Overlap,
            SubspaceOverlap = tracked.SubspaceOverlap?.Value,
            SubspaceOverlapError = tracked.SubspaceOverlap?.Error,
            Wasserstein = SpectralDistance.Wasserstein(earlier, current),
        };

    public void Dispose()
    {
        foreach (var vector in _kept.Values.SelectMany(kept => kept.Vectors))
        {
            vector.Dispose();
        }
    }
}
