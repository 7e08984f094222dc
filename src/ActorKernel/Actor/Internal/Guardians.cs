using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>Asks a guardian to stop one of its children.</summary>
internal sealed record StopChild(IActorRef Child);

/// <summary>Parent of the top-level actors; supervises them by the default strategy.</summary>
internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is StopChild stop)
        {
            Context.Stop(stop.Child);
        }
        else
        {
            Context.System.DeadLetters.Tell(message, Sender);
        }

        return true;
    }
}

/// <summary>
/// Parent of the guardians, no actor itself: when /user has stopped it stops /system, then the system is over.
/// </summary>
internal sealed class RootActorRef(ActorSystemImpl system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystemImpl? System => system;

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification death when death.Actor.Equals(system.UserGuardian):
                system.SystemGuardian.Stop();
                break;
            case DeathWatchNotification death when death.Actor.Equals(system.SystemGuardian):
                system.GuardiansTerminated();
                break;
            case Failed failed:
                system.Log.Error(failed.Cause, "Guardian {0} failed. Shutting down system", failed.Child);
                failed.Child.Stop();
                system.Terminate();
                break;
            default:
                AnswerWatch(message);
                break;
        }
    }

    protected override void Deliver(Envelope envelope) => system.UndeliveredMessage(envelope, this);
}
