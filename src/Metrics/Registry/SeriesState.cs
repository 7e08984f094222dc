namespace CurvatureMonitor.Metrics.Registry;

/// <summary>One series as a snapshot holds it. Everything it refers to is immutable.</summary>
/// <param name="Labels">Escaped UTF-8 label text without braces.</param>
/// <param name="Value">The value of a simple type.</param>
/// <param name="Buckets">The state of a histogram type.</param>
internal readonly record struct SeriesState(byte[] Labels, double Value, BucketCounts? Buckets);
