namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// State of a histogram series. Immutable, replaced as a whole: a snapshot then copies one reference, and observations
/// (one a job) are too rare for the copied array to matter.
/// </summary>
/// <param name="Cumulative">Count at or below every bound; the last entry is the bucket <c>+Inf</c>, hence the
/// total.</param>
/// <param name="Sum">Sum of the values.</param>
internal sealed record BucketCounts(long[] Cumulative, double Sum)
{
    public long Count => Cumulative[^1];
}
