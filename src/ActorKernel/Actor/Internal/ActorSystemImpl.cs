using CurvatureMonitor.ActorKernel.Configuration;
using CurvatureMonitor.ActorKernel.Dispatch;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>The actor system: guardians, dead letters, logging, the end of it all.</summary>
internal sealed class ActorSystemImpl : ActorSystem
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<Action> _terminationCallbacks = new();
    private readonly Lock _terminationGate = new();
    private readonly TimeProviderScheduler _scheduler;
    private readonly DeadLetterLog _deadLetterLog;
    private readonly ActorPath _tempPath;
    private long _uid;
    private long _temp;
    private bool _callbacksRun;

    public ActorSystemImpl(string name, KernelSetup setup)
    {
        Name = name;
        Setup = setup;
        var root = ActorPath.RootOf(name);
        _tempPath = root / "temp";
        EventStream = new EventStream();
        DeadLetters = new DeadLetterActorRef(this, root / "deadLetters");
        _scheduler = new TimeProviderScheduler(this, setup.TimeProvider);
        _deadLetterLog = new DeadLetterLog(this);
        Dispatchers = new Dispatchers(setup);
        Mailboxes = new Mailboxes(this);
        Log = LoggerFor($"ActorSystem({name})", typeof(ActorSystem));
        var guardian = Props.Create<GuardianActor>().WithDispatcher(Dispatchers.InternalDispatcherId);
        var top = new RootActorRef(this, root);
        UserGuardian = new LocalActorRef(this, guardian, top, root.Child("user", NextUid()));
        SystemGuardian = new LocalActorRef(this, guardian, top, root.Child("system", NextUid()));
        UserGuardian.Start();
        SystemGuardian.Start();
        CoordinatedShutdown = new CoordinatedShutdown(this, ShutdownPhase.Defaults(setup.PhaseTimeouts));
    }

    public override string Name { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override IScheduler Scheduler => _scheduler;

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    public KernelSetup Setup { get; }

    public TimeProvider TimeProvider => Setup.TimeProvider;

    public LocalActorRef UserGuardian { get; }

    public LocalActorRef SystemGuardian { get; }

    public CoordinatedShutdown CoordinatedShutdown { get; }

    public override IActorRef ActorOf(Props props, string? name = null) => UserGuardian.Cell.ActorOf(props, name);

    public override void Stop(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Path.Parent == UserGuardian.Path)
        {
            // Through the guardian, which has to note that this child is on its way out.
            UserGuardian.Tell(new StopChild(actor), ActorRefs.NoSender);
        }
        else
        {
            ((InternalActorRef)actor).Stop();
        }
    }

    public override Task Terminate()
    {
        if (Setup.RunByActorSystemTerminate)
        {
            CoordinatedShutdown.Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        }
        else
        {
            FinalTerminate();
        }

        return WhenTerminated;
    }

    public override void RegisterOnTermination(Action code)
    {
        ArgumentNullException.ThrowIfNull(code);
        lock (_terminationGate)
        {
            if (_callbacksRun)
            {
                throw new InvalidOperationException($"ActorSystem [{Name}] has terminated already.");
            }

            _terminationCallbacks.Push(code);
        }
    }

    /// <summary>Stops the guardians, without ceremony.</summary>
    public Task FinalTerminate()
    {
        UserGuardian.Stop();
        return WhenTerminated;
    }

    /// <summary>The last actor is gone.</summary>
    public void GuardiansTerminated()
    {
        _scheduler.ShutDown();
        Action[] callbacks;
        lock (_terminationGate)
        {
            _callbacksRun = true;
            callbacks = [.. _terminationCallbacks];
        }

        foreach (var callback in callbacks)
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                Log.Error(e, "A termination callback failed");
            }
        }

        _terminated.TrySetResult();
    }

    public long NextUid() => Interlocked.Increment(ref _uid);

    public ActorPath NextTempPath() =>
        _tempPath / ("$" + ChildrenContainer.Base64(Interlocked.Increment(ref _temp) - 1));

    public ILoggingAdapter LoggerFor(string source, Type logClass) => new BusLogging(this, source, logClass);

    public void PublishLog(LogEvent logEvent)
    {
        try
        {
            Setup.LogSink(logEvent);
        }
        catch (Exception)
        {
            // Whoever logs is often dealing with a failure already; a broken sink must not add one.
        }

        EventStream.Publish(logEvent);
    }

    /// <summary>A user message that reaches nobody.</summary>
    public void UndeliveredMessage(Envelope envelope, IActorRef recipient)
    {
        var (message, sender) = envelope;
        switch (message)
        {
            case AllDeadLetters notice when recipient.Equals(DeadLetters):
                PublishDeadLetter(notice);
                break;
            case AllDeadLetters or LogEvent:
                // A listener that is gone: announcing its mail would breed more of it.
                break;
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, ActorRefs.Nobody), recipient);
                break;
            case IDeadLetterSuppression:
                PublishDeadLetter(new SuppressedDeadLetter(message, sender ?? DeadLetters, recipient));
                break;
            default:
                PublishDeadLetter(new DeadLetter(message, sender ?? DeadLetters, recipient));
                break;
        }
    }

    public void PublishDeadLetter(AllDeadLetters notice)
    {
        EventStream.Publish(notice);
        _deadLetterLog.Note(notice);
    }

    /// <summary>A system message to an actor that is gone.</summary>
    public void DeadSystemMessage(SystemMessage message, IActorRef recipient)
    {
        switch (message)
        {
            case Watch watch:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, ExistenceConfirmed: false));
                break;
            case HandlerCompleted completed when ActorCell.FailureOf(completed.Handler) is { } cause:
                LoggerFor(recipient.Path.ToString(), typeof(ActorSystem))
                    .Warning(cause, "An asynchronous handler failed after its actor had stopped");
                break;
            default:
                break;
        }
    }
}
