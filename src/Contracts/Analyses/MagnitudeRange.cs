namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>A range of magnitudes |λ|.</summary>
/// <param name="Low">The smallest, above 0.</param>
/// <param name="High">The largest.</param>
public sealed record MagnitudeRange(double Low, double High);
