namespace CurvatureMonitor.EndToEnd.Tests;

/// <summary>What Prometheus said to an expression.</summary>
/// <param name="Series">The series.</param>
/// <param name="Error">Why there is no answer; null where there is one.</param>
internal sealed record Answer(IReadOnlyList<Series> Series, string? Error)
{
    /// <summary>At how many times there is at least one number.</summary>
    internal int Times { get; } = Series.SelectMany(series => series.Times).Distinct().Count();
}
