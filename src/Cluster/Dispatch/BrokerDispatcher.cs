using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>
/// Jobs go to the workers of a cluster. A result counts as received once it is journalled, which is learnt as an
/// observer is.
/// </summary>
internal sealed class BrokerDispatcher : IJobDispatcher, IMonitorObserver, IAsyncDisposable
{
    private readonly IActorRef _actor;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BrokerDispatcher(HostClusterOptions options, DispatcherContext context)
    {
        var ended = _ended;
        _actor = context.System.ActorOf(
            Props.Create(() => new DispatcherActor(options, context, ended)),
            "broker-dispatcher"
        );
    }

    public bool KeepsJobs => true;

    public void Offer(AnalyseCheckpoint job, IActorRef replyTo) => Tell(new OfferJob(job, replyTo));

    public void Withdraw(string run) => Tell(new WithdrawJobs(run));

    public void Cancel(string run) => Tell(new CancelJobs(run));

    public void Forget(string run) => Tell(new ForgetRun(run));

    public void Settled(string run) => Tell(new RunSettled(run));

    public void OnEvent(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case CheckpointMeasured measured:
                Tell(new AnswerJournalled(new JobId(measured.Run!, measured.Step, measured.Analysis)));
                break;
            case AnalysisFailed failed:
                Tell(new AnswerJournalled(new JobId(failed.Run!, failed.Step, failed.Analysis)));
                break;
            default:
                break;
        }
    }

    public void OnReplayed(MonitorEvent monitorEvent)
    {
        // Of an earlier process: its answers were acknowledged, or are duplicates.
    }

    /// <summary>
    /// Waits, for a short time, until the connection is closed: the actor ends with the system that it lives in.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _ended.Task.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The broker notices by itself.
        }
    }

    private void Tell(object message) => _actor.Tell(message, ActorRefs.NoSender);
}
