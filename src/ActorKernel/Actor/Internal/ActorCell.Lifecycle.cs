using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;
using CurvatureMonitor.ActorKernel.Observation;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Construction, restart and end.</summary>
internal sealed partial class ActorCell
{
    private TimerScheduler? _timers;
    private StashImpl? _stash;

    /// <summary>Grows with every construction; tells what belongs to an earlier instance.</summary>
    public int Incarnation { get; private set; }

    private ActorBase NewActor()
    {
        Incarnation++;
        _behaviours.Clear();
        var actor = Props.NewActor();
        (actor as ReceiveActor)?.EndConstruction();

        // A constructor may have called Become: then that is the bottom of the stack.
        if (_behaviours.Count == 0)
        {
            _behaviours.Push(actor.ReceiveDelegate);
        }

        if (actor is IWithUnboundedStash stashing)
        {
            stashing.Stash = _stash = new StashImpl(this, Props.StashCapacity);
        }

        if (actor is IWithTimers timed)
        {
            timed.Timers = _timers = new TimerScheduler(this);
        }

        return actor;
    }

    private void CreateActor()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            RearmReceiveTimeout(influenced: true);
        }
        catch (Exception cause)
        {
            // Without an instance the end runs no PostStop, and a restart or resume becomes a first construction.
            ReleaseActor();
            throw new ActorInitializationException(Self, "Exception during creation", cause);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (!_children.IsNormal)
        {
            // Stopping or restarting already; only the suspension that came with this has to be undone.
            FaultResume(null);
            return;
        }

        if (_actor is not { } failed)
        {
            FaultCreate();
            return;
        }

        try
        {
            _stash?.PrependAll();
            failed.AroundPreRestart(cause, _currentEnvelope?.Message);
        }
        catch (Exception e)
        {
            Log.Error(e, "PreRestart failed; the restart goes on");
        }
        finally
        {
            ReleaseActor();
        }

        if (!_children.TryWait(WaitReason.Recreation))
        {
            FinishRecreate(cause);
        }
        else
        {
            _recreationCause = cause;
        }
    }

    private void FinishRecreate(Exception cause)
    {
        // Taken before the new instance makes children of its own.
        var survivors = _children.Snapshot();
        try
        {
            // Must happen in any case, so that a failure of the new instance is reported in its turn.
            ResumeSelf();
            _failed = null;
            _currentEnvelope = null;
            var actor = NewActor();
            _actor = actor;
            actor.AroundPostRestart(cause);
            RearmReceiveTimeout(influenced: true);
            SystemImpl.EventStream.Publish(new ActorRestarted(Self, Props.Type, cause));
            foreach (var child in survivors)
            {
                child.SendSystemMessage(new Recreate(cause));
            }
        }
        catch (Exception e)
        {
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(Self, e, cause), keepRunning: survivors);
        }
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            if (_children.IsNormal)
            {
                FaultCreate();
            }
            else
            {
                ResumeSelf();
            }

            return;
        }

        var perpetrator = _failed;
        ResumeSelf();
        if (causedByFailure is not null)
        {
            _failed = null;
            _currentEnvelope = null;
            RearmReceiveTimeout(influenced: true);
        }

        foreach (var child in _children.Snapshot())
        {
            child.SendSystemMessage(new Resume(child.Equals(perpetrator) ? causedByFailure : null));
        }
    }

    private void FaultCreate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        foreach (var child in _children.Snapshot())
        {
            Stop(child);
        }

        if (!_children.TryWait(WaitReason.Creation))
        {
            FinishCreate();
        }
    }

    private void FinishCreate()
    {
        ResumeSelf();
        _failed = null;
        _currentEnvelope = null;
        try
        {
            CreateActor();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void TerminateSelf()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        UnwatchAll();
        var wasTerminating = _children.IsTerminating;
        var children = _children.BeginTermination();
        foreach (var child in children)
        {
            child.Stop();
        }

        if (children.Count == 0)
        {
            FinishTerminate();
        }
        else if (!wasTerminating)
        {
            // No user messages while the children stop, and no failure goes to the parent any more.
            SuspendSelf();
            _failed = Self;
        }
    }

    private void FinishTerminate()
    {
        // The order is part of the contract: PostStop, mailbox to the dead letters, parent, watchers.
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            Log.Error(e, "PostStop failed; the actor stops all the same");
        }

        ReleaseActor();
        Mailbox.CloseAndCleanUp();
        SystemImpl.EventStream.Unsubscribe(Self);
        _parent.SendSystemMessage(new DeathWatchNotification(Self, ExistenceConfirmed: true));
        TellWatchers();
        UnwatchAll();
        _dispatcher.Detach();
    }

    /// <summary>
    /// Lets go of the instance: what it stashed goes back to the mailbox, its timers end, it is disposed of.
    /// </summary>
    private void ReleaseActor()
    {
        var actor = _actor;
        _actor = null;
        _stash?.PrependAll();
        _stash = null;
        _timers?.CancelAll();
        _timers = null;
        _behaviours.Clear();
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        try
        {
            (actor as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            Log.Error(e, "Dispose failed");
        }
    }
}
