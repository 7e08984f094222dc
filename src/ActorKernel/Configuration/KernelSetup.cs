using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Configuration;

/// <summary>
/// What Akka.NET reads from HOCON, as far as it exists here. An addition of this kernel: only the code that creates the
/// <see cref="Actor.ActorSystem"/> sees it. Every default is Akka.NET's unless it says otherwise.
/// </summary>
public sealed record KernelSetup
{
    /// <summary>
    /// Dispatcher for <see cref="Actor.Props.WithDispatcher"/> that gives the actor a thread of its own.
    /// </summary>
    public const string PinnedDispatcherId = "pinned-dispatcher";

    /// <summary>The clock behind timers, receive timeouts, Ask timeouts and supervision windows.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// How long an Ask waits that names no timeout: 10 s. Akka.NET waits for ever; on purpose this does not.
    /// </summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages an actor on the default dispatcher processes before others get their turn.</summary>
    public int Throughput { get; init; } = 30;

    /// <summary>
    /// Names for <see cref="Actor.Props.WithMailbox"/>, each with the capacity of a mailbox that drops its oldest
    /// message when full.
    /// </summary>
    public IReadOnlyDictionary<string, int> BoundedMailboxes { get; init; } = new Dictionary<string, int>();

    /// <summary>Log events below this level are not made.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>
    /// Receives every log event, on the thread that logs; must be quick and must not throw. They are also published on
    /// the event stream. Default: warnings and errors, one line each, on standard error.
    /// </summary>
    public Action<LogEvent> LogSink { get; init; } = WriteToStandardError;

    /// <summary>How many dead letters are logged before that pauses for five minutes; 0 logs none.</summary>
    public int LogDeadLetters { get; init; } = 10;

    /// <summary>Phases of <see cref="Actor.CoordinatedShutdown"/> with a timeout other than the default.</summary>
    public IReadOnlyDictionary<string, TimeSpan> PhaseTimeouts { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Whether <see cref="Actor.ActorSystem.Terminate"/> runs the coordinated shutdown.</summary>
    public bool RunByActorSystemTerminate { get; init; } = true;

    /// <summary>Whether the end of the process runs the coordinated shutdown.</summary>
    public bool RunByClrShutdownHook { get; init; } = true;

    private static void WriteToStandardError(LogEvent logEvent)
    {
        if (logEvent.LogLevel() >= LogLevel.WarningLevel)
        {
            Console.Error.WriteLine(logEvent.ToString().ReplaceLineEndings(" "));
        }
    }
}
