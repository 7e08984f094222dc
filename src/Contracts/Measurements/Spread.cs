namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A number that was measured several times, of as many random batches.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">s, the standard deviation of a single value.</param>
/// <param name="Count">n, how many values there were; at least 2.</param>
public sealed record Spread(double Mean, double Deviation, int Count)
{
    /// <summary>The standard error of the mean, s/√n scaled for few values; null is s/√n itself.</summary>
    public double? StandardError { get; init; }

    /// <summary>The mean with its standard error.</summary>
    public Estimate Estimate => new(Mean, StandardError ?? (Deviation / Math.Sqrt(Count)));
}
