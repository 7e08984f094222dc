using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>Jobs go to the workers of a cluster.</summary>
internal sealed class BrokerDispatcher(HostClusterOptions options, DispatcherContext context) : IJobDispatcher
{
    public void Offer(AnalyseCheckpoint job, IActorRef replyTo) => throw new NotImplementedException($"{options} {context}");

    public void Withdraw(string run) => throw new NotImplementedException();

    public void Cancel(string run) => throw new NotImplementedException();

    public void Forget(string run) => throw new NotImplementedException();
}
