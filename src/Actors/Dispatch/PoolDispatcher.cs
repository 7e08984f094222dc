using Akka.Actor;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Dispatch;

/// <summary>Jobs go to the curvature actors of this process.</summary>
/// <param name="pool">Their supervisor.</param>
internal sealed class PoolDispatcher(IActorRef pool) : IJobDispatcher
{
    public void Offer(AnalyseCheckpoint job, IActorRef replyTo) => pool.Tell(new OfferJob(job, replyTo));

    public void Withdraw(string run) => pool.Tell(new WithdrawJobs(run));

    public void Cancel(string run) => pool.Tell(new CancelJobs(run));

    public void Forget(string run) => pool.Tell(new ForgetRun(run));
}
