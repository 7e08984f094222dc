namespace CurvatureMonitor.Host.Isolation;

/// <summary>How a measuring process ended.</summary>
/// <param name="End">Its exit.</param>
/// <param name="Doing">What it was at.</param>
/// <param name="Errors">What was written on its standard error, by libraries and by a runtime that crashed.</param>
internal sealed record MeasuringEnd(ProcessEnd End, string Doing, CrashText Errors)
{
    /// <summary>Whether it was ended because it took too long.</summary>
    internal bool IsLate { get; init; }

    /// <summary>Whether its end was asked for.</summary>
    internal bool IsCancelled { get; init; }
}
