namespace CurvatureMonitor.Reports.Runs;

/// <summary>Answer of <c>GET /api/runs/{run}/history</c>: one consistent picture of a run.</summary>
/// <param name="Run">The run at one glance.</param>
/// <param name="Training">Training points by rising step, thinned to a few thousand; the newest is always
/// there.</param>
/// <param name="Measurements">Measurements in the order in which they were finished.</param>
/// <param name="Events">The newest events, oldest first.</param>
internal sealed record RunDocument(
    RunSnapshot Run,
    IReadOnlyList<TrainingPoint> Training,
    IReadOnlyList<MeasurementPoint> Measurements,
    IReadOnlyList<RunEvent> Events
)
{
    /// <summary>Where the next page begins: give it as <c>after</c>. Absent on the last page.</summary>
    public long? NextAfter { get; init; }

    /// <summary>
    /// The part of a run after a step: about so many measurements, whole steps of them, and the training points up to
    /// there.
    /// </summary>
    /// <param name="after">The last step that is known already; null for the beginning.</param>
    /// <param name="limit">Measurements at most, but for the rest of the last step; null for all.</param>
    public RunDocument Page(long? after, int? limit)
    {
        var measurements = Measurements
            .Where(measurement => !(measurement.Step <= after))
            .OrderBy(measurement => measurement.Step)
            .ToList();
        long? last = limit is { } most && measurements.Count > most ? measurements[most - 1].Step : null;
        if (last is { } end)
        {
            measurements.RemoveAll(measurement => measurement.Step > end);
            last = Measurements.Any(measurement => measurement.Step > end) ? end : null;
        }

        return this with
        {
            Measurements = measurements,
            Training = [.. Training.Where(point => !(point.Step <= after) && !(point.Step > last))],
            NextAfter = last,
        };
    }
}
