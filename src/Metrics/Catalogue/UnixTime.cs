namespace CurvatureMonitor.Metrics.Catalogue;

internal static class UnixTime
{
    /// <summary>
    /// Seconds since 1970, to the millisecond: what a double holds exactly enough and a person can read.
    /// </summary>
    public static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
