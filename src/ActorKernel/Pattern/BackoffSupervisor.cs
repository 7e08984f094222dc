using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Pattern;

/// <summary>
/// Keeps one child alive, with growing pauses between its lives: delay n is <c>min(max, min·2ⁿ)·(1 +
/// random·factor)</c>. Messages go on to the child with their sender; what the child sends to the supervisor goes on to
/// the supervisor's parent; while the child is down messages become dead letters.
/// </summary>
public sealed class BackoffSupervisor : ActorBase
{
    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _stopping;
    private bool _finalMessageSeen;

    internal BackoffSupervisor(BackoffOptions options) => _options = options;

    /// <summary>The recipe of a supervisor.</summary>
    public static Props Props(BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Actor.Props.Create<BackoffSupervisor>(options);
    }

    /// <summary>The delay before start number <paramref name="restartCount"/> + 1.</summary>
    internal static TimeSpan Delay(int restartCount, TimeSpan min, TimeSpan max, double randomFactor)
    {
        // Beyond 30 doublings every sensible minimum has passed every sensible maximum, and the shift would overflow.
        var pause =
            restartCount >= 30
                ? max
                : TimeSpan.FromTicks((long)Math.Min(max.Ticks, min.Ticks * Math.Pow(2, restartCount)));
        return pause * (1 + (Random.Shared.NextDouble() * randomFactor));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        StartChildNow();
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() =>
        _options.Strategy.WithDecider(
            (strategy, cause) =>
            {
                var directive = strategy.Decide(cause);
                if (directive != Directive.Restart)
                {
                    return directive;
                }

                if (_options.OnFailure)
                {
                    // Restart becomes stop now, start later; noted here, acted upon when the child's end arrives.
                    _stopping = true;
                }

                return Directive.Stop;
            }
        );

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StartChild:
                StartChildNow();
                break;
            case ResetRestartCount reset when reset.Count == _restarts:
                _restarts = 0;
                break;
            case ResetRestartCount:
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                ChildStopped();
                break;
            case Reset when _options.ResetAfter is null:
                _restarts = 0;
                break;
            case Reset:
                return false;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child));
                break;
            default:
                PassOn(message);
                break;
        }

        return true;
    }

    private void StartChildNow()
    {
        if (_child is null)
        {
            _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
            if (_options.ResetAfter is { } after)
            {
                Context.System.Scheduler.ScheduleTellOnce(after, Self, new ResetRestartCount(_restarts), Self);
            }
        }
    }

    private void ChildStopped()
    {
        _child = null;
        var ownDoing = _options.OnFailure && !_stopping;
        _stopping = false;
        var limit = _options.Strategy.MaxNumberOfRetries;
        if (_finalMessageSeen || ownDoing || (limit >= 0 && _restarts >= limit))
        {
            Context.Stop(Self);
            return;
        }

        var delay = Delay(_restarts, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor);
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, StartChild.Instance, Self);
    }

    private void PassOn(object message)
    {
        if (_child is { } child)
        {
            if (Sender.Equals(child))
            {
                Context.Parent.Forward(message);
                return;
            }

            child.Forward(message);
            _finalMessageSeen |= _options.FinalStopMessage?.Invoke(message) ?? false;
        }
        else if (_options.FinalStopMessage?.Invoke(message) ?? false)
        {
            Context.Stop(Self);
        }
        else if (_options.ReplyWhileStopped is { } reply)
        {
            Sender.Tell(reply);
        }
        else
        {
            Context.System.DeadLetters.Forward(message);
        }
    }

    /// <summary>Asks for the child; the answer is <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        private GetCurrentChild() { }

        /// <summary>The only value.</summary>
        public static GetCurrentChild Instance { get; } = new();
    }

    /// <summary>Answer to <see cref="GetCurrentChild"/>.</summary>
    public sealed class CurrentChild
    {
        /// <summary>Creates the answer.</summary>
        public CurrentChild(IActorRef? @ref) => Ref = @ref ?? ActorRefs.Nobody;

        /// <summary>The child, or <see cref="ActorRefs.Nobody"/> while it is down.</summary>
        public IActorRef Ref { get; }
    }

    /// <summary>Sets the count of restarts back to 0, with <see cref="BackoffOptions.WithManualReset"/>.</summary>
    public sealed class Reset
    {
        private Reset() { }

        /// <summary>The only value.</summary>
        public static Reset Instance { get; } = new();
    }

    /// <summary>Asks for the count of restarts; the answer is <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        private GetRestartCount() { }

        /// <summary>The only value.</summary>
        public static GetRestartCount Instance { get; } = new();
    }

    /// <summary>Answer to <see cref="GetRestartCount"/>.</summary>
    public sealed class RestartCount
    {
        /// <summary>Creates the answer.</summary>
        public RestartCount(int count) => Count = count;

        /// <summary>Restarts since the last reset.</summary>
        public int Count { get; }
    }

    private sealed class StartChild
    {
        public static readonly StartChild Instance = new();
    }

    private sealed record ResetRestartCount(int Count);
}
