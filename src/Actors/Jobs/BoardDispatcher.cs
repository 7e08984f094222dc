using Akka.Actor;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>Jobs go to the curvature actors of this process.</summary>
/// <param name="board">The job board.</param>
internal sealed class BoardDispatcher(IActorRef board) : IJobDispatcher
{
    public void Offer(AnalyseCheckpoint job, IActorRef replyTo) => board.Tell(new OfferJob(job, replyTo));

    public void Withdraw(string run) => board.Tell(new WithdrawJobs(run));

    public void Cancel(string run) => board.Tell(new CancelJobs(run));

    public void Forget(string run) => board.Tell(new ForgetRun(run));
}
