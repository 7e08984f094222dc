using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The state of the board: which jobs wait, which workers are free, and who is at which job. Invariant: a worker is
/// free, or at one job, or has not asked.
/// </summary>
/// <param name="attempts">The number of times that a job is tried whose worker is lost, the first included.</param>
internal sealed class JobBoard(int attempts)
{
    private readonly JobSlots _slots = new();
    private readonly List<IActorRef> _free = [];
    private readonly Dictionary<IActorRef, Assignment> _running = [];

    /// <summary>The jobs that workers are at.</summary>
    public IReadOnlyCollection<Assignment> Running => _running.Values;

    /// <summary>The number of workers that wait for a job.</summary>
    public int FreeWorkers => _free.Count;

    /// <summary>A job is offered.</summary>
    /// <returns>The job that it replaces; null where its slot was empty.</returns>
    public WaitingJob? Offer(WaitingJob job) => _slots.Offer(job);

    /// <summary>A run takes its waiting jobs back.</summary>
    public IReadOnlyList<WaitingJob> Withdraw(string run) => _slots.Withdraw(run);

    /// <summary>A worker asks; asking twice has no effect.</summary>
    public void Request(IActorRef worker)
    {
        if (!_running.ContainsKey(worker) && !_free.Contains(worker))
        {
            _free.Add(worker);
        }
    }

    /// <summary>Gives the job whose turn it is to the worker that was busy last.</summary>
    /// <param name="open">Numbers an assignment.</param>
    /// <returns>Null where no worker is free or no job waits.</returns>
    public Assignment? Assign(Func<long> open)
    {
        if (_free.Count == 0 || _slots.Take() is not { } waiting)
        {
            return null;
        }

        var assignment = new Assignment(_free[^1], waiting, open());
        _free.RemoveAt(_free.Count - 1);
        _running.Add(assignment.Worker, assignment);
        return assignment;
    }

    /// <summary>A worker has ended a job.</summary>
    /// <returns>The job; null where it is not at that one.</returns>
    public Assignment? Close(IActorRef worker, JobId id) =>
        _running.TryGetValue(worker, out var assignment) && assignment.Waiting.Job.Id == id && _running.Remove(worker)
            ? assignment
            : null;

    /// <summary>A worker is gone for good.</summary>
    /// <returns>The job that it was at; null where it was at none.</returns>
    public Assignment? Lose(IActorRef worker)
    {
        _free.Remove(worker);
        return _running.Remove(worker, out var assignment) ? assignment : null;
    }

    /// <summary>
    /// A job lost its worker: it is the next to be assigned, unless it was cancelled or tried too often.
    /// </summary>
    /// <param name="lost">The job.</param>
    /// <param name="message">One line for a person.</param>
    /// <param name="seconds">The cost of the attempt.</param>
    /// <returns>The answer to its run; null where it is tried again.</returns>
    public JobFailed? TryAgain(Assignment lost, string message, double seconds)
    {
        var (job, spent) = (lost.Waiting.Job, lost.Waiting.SpentSeconds + seconds);
        if (lost.IsCancelled)
        {
            return new JobFailed(job.Id, JobFailureReason.Cancelled, message, spent, job.Attempt);
        }

        if (job.Attempt >= attempts)
        {
            return new JobFailed(job.Id, JobFailureReason.Crashed, message, spent, job.Attempt);
        }

        _slots.Retry(new WaitingJob(job with { Attempt = job.Attempt + 1 }, lost.Waiting.ReplyTo, spent));
        return null;
    }
}
