using System.Runtime.ExceptionServices;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Failure, suspension and supervision.</summary>
internal sealed partial class ActorCell
{
    // Who failed: this actor, or the child whose failure it escalated. While set, further failures are ignored.
    private InternalActorRef? _failed;
    private Exception? _recreationCause;

    // Suspensions due to failures (not to asynchronous handlers); children born meanwhile get as many.
    private volatile int _faultSuspensions;

    private SupervisorStrategy Strategy =>
        Props.SupervisorStrategy ?? _actor?.EffectiveStrategy ?? SupervisorStrategy.DefaultStrategy;

    private void SuspendSelf()
    {
        _faultSuspensions++;
        Mailbox.Suspend();
    }

    private void ResumeSelf()
    {
        if (_faultSuspensions > 0)
        {
            _faultSuspensions--;
            Mailbox.Resume();
        }
    }

    private void SuspendChildren(IReadOnlyCollection<InternalActorRef> except)
    {
        foreach (var child in _children.Snapshot())
        {
            if (!except.Contains(child))
            {
                child.SendSystemMessage(new Suspend());
            }
        }
    }

    /// <summary>
    /// Suspends the actor and its children and reports to the parent, unless a failure is being dealt with already.
    /// </summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="failedChild">The child whose failure is passed on, if that is what this is; it is suspended by
    /// itself.</param>
    /// <param name="keepRunning">Children that are suspended already.</param>
    private void HandleInvokeFailure(
        Exception cause,
        InternalActorRef? failedChild = null,
        IReadOnlyCollection<InternalActorRef>? keepRunning = null
    )
    {
        if (_failed is not null)
        {
            Log.Debug(cause, "Failure ignored: another is being dealt with, or the actor stops");
            return;
        }

        SuspendSelf();
        _failed = failedChild ?? Self;
        List<InternalActorRef> except = [.. keepRunning ?? []];
        if (failedChild is { } child)
        {
            except.Add(child);
        }

        SuspendChildren(except);
        _parent.SendSystemMessage(new Failed(Self, cause, Self.Path.Uid));
    }

    private void HandleFailed(Failed failure)
    {
        if (_children.Find(failure.Child) is not { } stats || stats.Child.Path.Uid != failure.Uid)
        {
            Log.Debug(failure.Cause, "Failure of {0} dropped: not a child (any more)", failure.Child);
            return;
        }

        if (!Strategy.HandleFailure(this, stats.Child, failure.Cause, stats))
        {
            ExceptionDispatchInfo.Throw(failure.Cause);
        }
    }

    private void HandleChildTerminated(InternalActorRef child)
    {
        switch (_children.Remove(child))
        {
            case WaitReason.Recreation:
                var cause = _recreationCause!;
                _recreationCause = null;
                FinishRecreate(cause);
                break;
            case WaitReason.Creation:
                FinishCreate();
                break;
            case WaitReason.Termination:
                FinishTerminate();
                break;
            default:
                break;
        }
    }

    /// <summary>Restarts a child: its answer to a failure of its own.</summary>
    internal static void RestartChild(LocalActorRef child, Exception cause) =>
        child.SendSystemMessage(new Recreate(cause));

    /// <summary>Resumes a child after a failure of its own.</summary>
    internal static void ResumeChild(LocalActorRef child, Exception cause) =>
        child.SendSystemMessage(new Resume(cause));
}
