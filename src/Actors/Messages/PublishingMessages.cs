using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>An event of an earlier process is published again.</summary>
/// <param name="Event">The event.</param>
/// <param name="ToMetrics">Whether the metrics receive it, and not the observers alone.</param>
internal sealed record Replay(MonitorEvent Event, bool ToMetrics) : IActorMessage;

/// <summary>Answered by <see cref="Flushed"/> when everything published before has been passed on.</summary>
internal sealed record Flush : IActorMessage
{
    public static Flush Instance { get; } = new();
}

/// <summary>The answer to <see cref="Flush"/>.</summary>
internal sealed record Flushed : IActorMessage
{
    public static Flushed Instance { get; } = new();
}
