namespace CurvatureMonitor.Host.Analysis;

/// <summary>Takes the time of calls.</summary>
internal static class Timing
{
    /// <summary>The wall time of a call in seconds.</summary>
    internal static double SecondsOf(this TimeProvider time, Action action)
    {
        long started = time.GetTimestamp();
        action();
        return time.GetElapsedTime(started).TotalSeconds;
    }
}
