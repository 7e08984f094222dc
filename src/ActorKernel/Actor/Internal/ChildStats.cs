namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>A child and the account of its restarts.</summary>
internal sealed class ChildStats(LocalActorRef child)
{
    private int _restarts;
    private long? _windowOpened;

    public LocalActorRef Child => child;

    /// <summary>Whether one more restart is allowed; if so it is counted.</summary>
    /// <param name="max">Most restarts, in a window if there is one; negative: no limit, but with a window it means one
    /// a window.</param>
    /// <param name="window">Length of the window, or null.</param>
    /// <param name="clock">Where the time comes from.</param>
    public bool RequestRestartPermission(int max, TimeSpan? window, TimeProvider clock)
    {
        if (max == 0)
        {
            return false;
        }

        if (window is not { } length)
        {
            return max < 0 || ++_restarts <= max;
        }

        var allowed = max > 0 ? max : 1;
        var now = clock.GetTimestamp();
        if (_windowOpened is not { } opened || clock.GetElapsedTime(opened, now) > length)
        {
            // The window opens at the first failure and again at the first failure after it has passed.
            _windowOpened = now;
            _restarts = 1;
            return true;
        }

        if (_restarts + 1 > allowed)
        {
            return false;
        }

        _restarts++;
        return true;
    }
}
