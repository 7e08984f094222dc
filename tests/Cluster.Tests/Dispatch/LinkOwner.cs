using Akka.Actor;
using CurvatureMonitor.Cluster.Connection;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>An actor above a link, which passes on what the link tells it.</summary>
internal sealed class LinkOwner : ReceiveActor
{
    public LinkOwner(LinkSettings settings, System.Threading.Channels.ChannelWriter<object> words)
    {
        Context.ActorOf(Props.Create(() => new BrokerLink(settings)));
        ReceiveAny(word => words.TryWrite(word));
    }
}
