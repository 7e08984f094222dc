namespace CurvatureMonitor.Host.Isolation;

/// <summary>Pauses between a crash and the next start, which grow while crashes come quickly.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>What lived so long did not crash because of how it was started.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private TimeSpan _next = FirstPause;

    /// <summary>The pause after something has lived for a time.</summary>
    internal TimeSpan After(TimeSpan lived)
    {
        var pause = lived > Settled ? FirstPause : _next;
        _next = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        return pause;
    }
}
