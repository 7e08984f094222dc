using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>How an actor answers the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    private protected SupervisorStrategy(bool loggingEnabled) => LoggingEnabled = loggingEnabled;

    /// <summary>
    /// Stops an actor that could not start, was killed, or left a <see cref="Terminated"/> unhandled; restarts all
    /// others.
    /// </summary>
    public static readonly IDecider DefaultDecider = new StandardDecider();

    /// <summary>One for one, no limit, <see cref="DefaultDecider"/>.</summary>
    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static SupervisorStrategy StoppingStrategy { get; } = new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>
    /// Whether failures are logged: Restart and Stop as errors, Resume as a warning, Escalate not at all.
    /// </summary>
    protected bool LoggingEnabled { get; }

    /// <summary>Decides.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Whether the child may be restarted once more; counts it if so.</summary>
    private protected abstract bool MayRestart(ChildStats stats, TimeProvider clock);

    /// <summary>Deals with a failure; false to escalate it.</summary>
    internal bool HandleFailure(ActorCell parent, LocalActorRef child, Exception cause, ChildStats stats)
    {
        var directive = Handle(child, cause);
        if (LoggingEnabled && directive != Directive.Escalate)
        {
            var level = directive == Directive.Resume ? LogLevel.WarningLevel : LogLevel.ErrorLevel;
            parent
                .SystemImpl.LoggerFor(child.Path.ToString(), child.Cell.Props.Type)
                .Log(level, cause, "{0} after a failure", directive);
        }

        switch (directive)
        {
            case Directive.Resume:
                ActorCell.ResumeChild(child, cause);
                return true;
            case Directive.Restart when MayRestart(stats, parent.SystemImpl.TimeProvider):
                ActorCell.RestartChild(child, cause);
                return true;
            case Directive.Restart or Directive.Stop:
                parent.Stop(child);
                return true;
            default:
                return false;
        }
    }

    private sealed class StandardDecider : IDecider
    {
        public Directive Decide(Exception cause) =>
            cause is ActorInitializationException or ActorKilledException or DeathPactException
                ? Directive.Stop
                : Directive.Restart;
    }
}
