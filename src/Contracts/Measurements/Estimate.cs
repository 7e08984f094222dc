namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A measured number with its error bar.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error"> Half the width of the error bar, not negative: a residual bound for an eigenvalue (some
/// eigenvalue lies within it, for certain up to rounding), a standard error for a statistical estimate (it holds about
/// two times in three). </param>
public sealed record Estimate(double Value, double Error);
