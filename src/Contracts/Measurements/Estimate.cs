namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A measured number with its error bar.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error"> Half the width of the error bar, not negative: a residual bound for an eigenvalue (some
/// eigenvalue lies within it, for certain up to rounding; of a warm-started sharpness at times a bound by residual and
/// gap, which is as good as what an earlier spectrum told of the gap), a standard error for a statistical estimate (it
/// holds about two times in three). </param>
public sealed record Estimate(double Value, double Error);
