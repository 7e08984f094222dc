using CurvatureMonitor.ActorKernel.Dispatch;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>
/// Everything of an actor that outlives a restart: mailbox, children, watches, behaviour stack. All fields are touched
/// only by whoever runs the mailbox, save the mailbox itself and the children, which guard themselves.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell? _current;

    private readonly Stack<Receive> _behaviours = new();
    private readonly MessageDispatcher _dispatcher;
    private readonly InternalActorRef _parent;
    private readonly List<SystemMessage> _waitingSystemMessages = [];

    private ActorBase? _actor;
    private Envelope? _currentEnvelope;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, InternalActorRef parent)
    {
        SystemImpl = system;
        Self = self;
        Props = props;
        _parent = parent;
        _dispatcher = system.Dispatchers.Lookup(props.Dispatcher);
        Mailbox = new Mailbox(this, _dispatcher, system.Mailboxes.CreateQueue(props.Mailbox, self));
        _dispatcher.Attach(self.Path);
    }

    /// <summary>The actor that this thread runs now, or null.</summary>
    public static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }

    public ActorSystemImpl SystemImpl { get; }

    public LocalActorRef Self { get; }

    public Props Props { get; }

    public Mailbox Mailbox { get; }

    /// <summary>Counts deliveries, so that a message can be told from an equal one.</summary>
    public long Delivery { get; private set; }

    /// <summary>The message being processed; kept after a failure until the restart has seen it.</summary>
    public Envelope? CurrentEnvelope
    {
        get => _currentEnvelope;
        set => _currentEnvelope = value;
    }

    public IActorRef Sender => _currentEnvelope?.Sender ?? SystemImpl.DeadLetters;

    public ActorSystem System => SystemImpl;

    public IActorRef Parent => _parent;

    IActorRef IActorContext.Self => Self;

    private ILoggingAdapter Log => SystemImpl.LoggerFor(Self.Path.ToString(), Props.Type);

    public void Become(Receive receive)
    {
        // The behaviour at the bottom is never discarded.
        if (_behaviours.Count > 1)
        {
            _behaviours.Pop();
        }

        _behaviours.Push(receive);
    }

    public void BecomeStacked(Receive receive) => _behaviours.Push(receive);

    public void UnbecomeStacked()
    {
        if (_behaviours.Count > 1)
        {
            _behaviours.Pop();
        }
    }

    public void Become(UntypedReceive receive) => Become(Handled(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    /// <summary>Processes one user message; failures go to the parent, never to the caller.</summary>
    public void Invoke(Envelope envelope)
    {
        var influencesTimeout = InfluencesReceiveTimeout(envelope.Message);
        try
        {
            _currentEnvelope = envelope;
            Delivery++;
            if (influencesTimeout)
            {
                CancelReceiveTimeout();
            }

            Process(envelope.Message);
            _currentEnvelope = null;
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause);
        }

        RearmReceiveTimeout(influencesTimeout);
    }

    /// <summary>
    /// Processes a system message, and those that waited for the state it brings about; failures go to the parent.
    /// </summary>
    public void SystemInvoke(SystemMessage message)
    {
        var todo = new Queue<SystemMessage>();
        todo.Enqueue(message);
        while (todo.TryDequeue(out var next))
        {
            var before = Gravity;
            if (MustWait(next, before))
            {
                _waitingSystemMessages.Add(next);
                continue;
            }

            try
            {
                Process(next);
            }
            catch (Exception cause)
            {
                HandleInvokeFailure(cause, failedChild: (next as Failed)?.Child);
            }

            if (Mailbox.IsClosed)
            {
                foreach (var late in _waitingSystemMessages.Concat(todo))
                {
                    SystemImpl.DeadSystemMessage(late, Self);
                }

                return;
            }

            if (Gravity < before)
            {
                // All of them arrived before whatever is still queued in the mailbox, so they go first.
                _waitingSystemMessages.ForEach(todo.Enqueue);
                _waitingSystemMessages.Clear();
            }
        }
    }

    // 0: in order; 1: suspended; 2: waiting for children before a (re)construction.
    private int Gravity =>
        _children.IsWaitingForChildren ? 2
        : Mailbox.IsSuspended ? 1
        : 0;

    private static bool MustWait(SystemMessage message, int gravity) =>
        gravity switch
        {
            0 => false,
            1 => message.WaitsWhenSuspended,
            _ => message.WaitsForChildren,
        };

    private static Receive Handled(UntypedReceive receive) =>
        message =>
        {
            receive(message);
            return true;
        };

    private void Process(SystemMessage message)
    {
        switch (message)
        {
            case Create:
                CreateActor();
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case Suspend:
                SuspendSelf();
                SuspendChildren([]);
                break;
            case Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case Terminate:
                TerminateSelf();
                break;
            case Watch watch:
                AddWatcher(watch);
                break;
            case Unwatch unwatch:
                RemoveWatcher(unwatch);
                break;
            case Failed failed:
                HandleFailed(failed);
                break;
            case DeathWatchNotification death:
                WatchedActorTerminated(death.Actor, death.ExistenceConfirmed);
                break;
            case RunContinuation continuation:
                continuation.Scheduler.Run(continuation.Task);
                break;
            case HandlerCompleted completed:
                HandleCompletion(completed);
                break;
            default:
                throw new InvalidOperationException($"Unknown system message {message}");
        }
    }

    private void Process(object message)
    {
        switch (message)
        {
            case TimerMessage timer:
                if (_timers?.Intercept(timer) is { } due)
                {
                    Process(due);
                }

                break;
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case PoisonPill:
                Self.Stop();
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private void ReceiveMessage(object message)
    {
        if (_actor is { } actor)
        {
            actor.AroundReceive(_behaviours.Peek(), message);
        }
        else
        {
            SystemImpl.UndeliveredMessage(new Envelope(message, _currentEnvelope?.Sender), Self);
        }
    }
}
