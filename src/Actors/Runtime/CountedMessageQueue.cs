using Akka.Actor;
using Akka.Dispatch.MessageQueues;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>The messages that wait for one actor, listed from its creation until it has stopped.</summary>
internal sealed class CountedMessageQueue : UnboundedMessageQueue, IMessageQueue
{
    private readonly string _kind;
    private readonly MailboxDepths _depths;

    /// <summary>Lists the queue.</summary>
    public CountedMessageQueue(string kind, MailboxDepths depths)
    {
        (_kind, _depths) = (kind, depths);
        depths.Add(kind, this);
    }

    void IMessageQueue.CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        _depths.Remove(_kind, this);
        CleanUp(owner, deadletters);
    }
}
