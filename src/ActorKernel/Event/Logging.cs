using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>Where loggers come from.</summary>
public static class Logging
{
    /// <summary>A logger whose source is the actor of this context.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cell = (Actor.Internal.ActorCell)context;
        return cell.SystemImpl.LoggerFor(cell.Self.Path.ToString(), cell.Props.Type);
    }

    /// <summary>A logger with a source of its own.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, string logSource) =>
        ((Actor.Internal.ActorSystemImpl)system).LoggerFor(logSource, typeof(ActorSystem));
}
