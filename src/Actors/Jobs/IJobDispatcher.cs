using Akka.Actor;
using CurvatureMonitor.Actors.Messages;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The seam where a run hands out its jobs: to the curvature actors of this process, or to workers elsewhere. All
/// methods return at once and may be called from any thread.
/// </summary>
/// <remarks>
/// The contract, whoever implements it:
/// <list type="bullet">
/// <item>Every offered job is answered to its <c>replyTo</c> by exactly one of <see cref="Measured"/>,
/// <see cref="JobFailed"/> and <see cref="JobDropped"/>. An answer may come twice where delivery is at least once; the
/// receiver ignores the second.</item>
/// <item>There is one slot a run and analysis: a job offered while another of its slot waits takes its place and its
/// turn, and the other is answered as dropped, superseded. A job that has begun is never replaced.</item>
/// <item>Slots are served in the order in which they were filled, so that no run starves another.</item>
/// <item><see cref="JobStarted"/> is sent when a job begins; it informs, and may be missing.</item>
/// <item>A job whose actor or worker dies is tried once more, then answered as failed, crashed.</item>
/// </list>
/// </remarks>
public interface IJobDispatcher
{
    /// <summary>
    /// Whether jobs outlive this process: what it has offered continues when it ends, and may be answered to the
    /// process that comes after it, once that has offered the same jobs again.
    /// </summary>
    bool KeepsJobs => false;

    /// <summary>Offers a job. Its checkpoint stays among the run's resources until the job is answered.</summary>
    /// <param name="job">The job.</param>
    /// <param name="replyTo">Who gets the answers.</param>
    void Offer(AnalyseCheckpoint job, IActorRef replyTo);

    /// <summary>Takes back what waits of a run: answered as dropped, rejected. What has begun continues.</summary>
    /// <param name="run">The run's name.</param>
    void Withdraw(string run);

    /// <summary>
    /// Gives up what has begun of a run between two curvature products: answered as failed, cancelled, unless it is
    /// finished before.
    /// </summary>
    /// <param name="run">The run's name.</param>
    void Cancel(string run);

    /// <summary>
    /// A run has offered again every job that an earlier process left open: answers to other jobs of that time are not
    /// wanted any more.
    /// </summary>
    /// <param name="run">The run's name.</param>
    void Settled(string run) { }

    /// <summary>A run is over and has no open job: what is kept for it can go.</summary>
    /// <param name="run">The run's name.</param>
    void Forget(string run);
}
