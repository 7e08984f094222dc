namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A number that was measured several times, of as many random batches.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">s, the standard deviation of a single value.</param>
/// <param name="Count">n, how many values there were; at least 2.</param>
public sealed record Spread(double Mean, double Deviation, int Count)
{
    /// <summary>The mean with its standard error s/√n.</summary>
    public Estimate Estimate => new(Mean, Deviation / Math.Sqrt(Count));
}
