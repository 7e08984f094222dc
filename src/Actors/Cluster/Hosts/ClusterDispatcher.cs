using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// Jobs go to the workers of a cluster. An answer counts as received once it is journalled, which is learnt as an
/// observer is.
/// </summary>
public sealed class ClusterDispatcher : IJobDispatcher, IMonitorObserver, IAsyncDisposable
{
    private static readonly TimeSpan Asking = TimeSpan.FromSeconds(5);

    private readonly IActorRef _host;
    private readonly HostNode _node = new();

    /// <summary>Takes part in a cluster as a host.</summary>
    /// <param name="options">Which cluster, and how.</param>
    /// <param name="context">What the monitor lends it.</param>
    /// <param name="logs">Where logs go.</param>
    /// <exception cref="UserErrorException">The process cannot listen where it should.</exception>
    internal ClusterDispatcher(ClusterHostOptions options, DispatcherContext context, ILoggerFactory logs)
    {
        _host = context.System.ActorOf(HostActor.Props(options, context, _node, logs), "cluster-host");
        try
        {
            _node.Start(options.Node, _host, logs);
        }
        catch
        {
            context.System.Stop(_host);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool KeepsJobs => true;

    /// <summary>The address in the cluster.</summary>
    internal Address? Address => _node.Current?.Self;

    /// <inheritdoc/>
    public void Offer(AnalyseCheckpoint job, IActorRef replyTo) => Tell(new OfferJob(job, replyTo));

    /// <inheritdoc/>
    public void Withdraw(string run) => Tell(new WithdrawJobs(run));

    /// <inheritdoc/>
    public void Cancel(string run) => Tell(new CancelJobs(run));

    /// <inheritdoc/>
    public void Forget(string run) => Tell(new ForgetRun(run));

    /// <inheritdoc/>
    public void Settled(string run) => Tell(new RunSettled(run));

    /// <summary>How the host is, and its workers.</summary>
    /// <exception cref="AskTimeoutException">The host does not answer.</exception>
    public Task<HostStatus> StatusAsync() => _host.Ask<HostStatus>(GetHostStatus.Instance, Asking);

    /// <inheritdoc/>
    public void OnEvent(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case CheckpointMeasured measured:
                Tell(new AnswerJournalled(IdOf(measured.Run!, measured.Step, measured.Analysis, measured.Branch)));
                break;
            case AnalysisFailed failed:
                Tell(new AnswerJournalled(IdOf(failed.Run!, failed.Step, failed.Analysis, failed.Branch)));
                break;
            default:
                break;
        }
    }

    private static JobId IdOf(string run, long step, AnalysisKind analysis, int branch) =>
        new(run, step, analysis) { Branch = branch };

    /// <inheritdoc/>
    public void OnReplayed(MonitorEvent monitorEvent)
    {
        // Of an earlier process: its answers were taken, or are duplicates.
    }

    /// <summary>Leaves the cluster.</summary>
    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private void Tell(object message) => _host.Tell(message, ActorRefs.NoSender);
}
