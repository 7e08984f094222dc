using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Pattern;

/// <summary>Options for <see cref="BackoffSupervisor"/>.</summary>
public static class Backoff
{
    /// <summary>Starts the child again, after a delay, whenever it has stopped, for whatever reason.</summary>
    /// <param name="childProps">The child's recipe.</param>
    /// <param name="childName">The child's name.</param>
    /// <param name="minBackoff">First delay; doubles each time.</param>
    /// <param name="maxBackoff">Longest delay.</param>
    /// <param name="randomFactor">Random share added to each delay, so that many do not come back at once.</param>
    /// <param name="maxNrOfRetries">Most starts in a row before the supervisor stops itself; negative for no
    /// limit.</param>
    public static BackoffOptions OnStop(
        Props childProps,
        string childName,
        TimeSpan minBackoff,
        TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries = -1
    ) => new(RestartsOnFailure: false, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);

    /// <summary>
    /// Starts the child again, after a delay, when it fails and the strategy says Restart: that becomes a stop and a
    /// delayed start. A child that stops by itself ends the supervisor.
    /// </summary>
    /// <param name="childProps">The child's recipe.</param>
    /// <param name="childName">The child's name.</param>
    /// <param name="minBackoff">First delay; doubles each time.</param>
    /// <param name="maxBackoff">Longest delay.</param>
    /// <param name="randomFactor">Random share added to each delay.</param>
    /// <param name="maxNrOfRetries">Most starts in a row before the supervisor stops itself; negative for no
    /// limit.</param>
    public static BackoffOptions OnFailure(
        Props childProps,
        string childName,
        TimeSpan minBackoff,
        TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries = -1
    ) => new(RestartsOnFailure: true, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
}
