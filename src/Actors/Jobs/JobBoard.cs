using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The state of the board: which jobs wait, which workers are free, and who is at which job. Invariant: a worker is
/// free, or at one job, or has not asked.
/// </summary>
/// <param name="policy">What becomes of a job whose worker is lost.</param>
internal sealed class JobBoard(LossPolicy policy)
{
    private readonly JobSlots _slots = new();
    private readonly List<(IActorRef Worker, WorkerAbilities? Abilities)> _free = [];
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
    /// <param name="worker">The worker.</param>
    /// <param name="abilities">What it has; everything where null.</param>
    public void Request(IActorRef worker, WorkerAbilities? abilities)
    {
        if (!_running.ContainsKey(worker) && _free.All(free => !free.Worker.Equals(worker)))
        {
            _free.Add((worker, abilities));
        }
    }

    /// <summary>Gives the job whose turn it is to the worker, of those that can do it, that was busy last.</summary>
    /// <param name="open">Numbers an assignment.</param>
    /// <returns>Null where no worker is free that can do a job that waits.</returns>
    public Assignment? Assign(Func<long> open)
    {
        if (_free.Count == 0 || _slots.Take(job => FreeFor(job) >= 0) is not { } waiting)
        {
            return null;
        }

        int place = FreeFor(waiting);
        var assignment = new Assignment(_free[place].Worker, waiting, open());
        _free.RemoveAt(place);
        _running.Add(assignment.Worker, assignment);
        return assignment;
    }

    /// <summary>A worker has ended a job.</summary>
    /// <returns>The job; null where it is not at that one.</returns>
    public Assignment? Close(IActorRef worker, JobId id) =>
        _running.TryGetValue(worker, out var assignment) && assignment.Waiting.Job.Id == id && _running.Remove(worker)
            ? assignment
            : null;

    /// <summary>
    /// A worker that was thought lost has answered a job. One that is at it by now is let alone, and its own answer
    /// counts for nothing.
    /// </summary>
    /// <returns>The job, and the assignment that is of no use any more; null where it is not open.</returns>
    public (WaitingJob Job, Assignment? Surplus)? Resolve(JobId id)
    {
        if (_slots.Remove(id) is { } waiting)
        {
            return (waiting, null);
        }

        if (_running.Values.FirstOrDefault(running => running.Waiting.Job.Id == id) is not { IsAnswered: false } other)
        {
            return null;
        }

        other.IsAnswered = true;
        return (other.Waiting, other);
    }

    /// <summary>A worker is gone for good.</summary>
    /// <returns>The job that it was at; null where it was at none.</returns>
    public Assignment? Lose(IActorRef worker)
    {
        _free.RemoveAll(free => free.Worker.Equals(worker));
        return _running.Remove(worker, out var assignment) ? assignment : null;
    }

    /// <summary>A worker does not do a job: it is the next to be assigned, and the attempt does not count.</summary>
    public void Return(Assignment returned) => _slots.Retry(returned.Waiting);

    /// <summary>A job lost its worker: it is tried again, unless it was cancelled or tried too often.</summary>
    /// <param name="lost">The job.</param>
    /// <param name="message">One line for a person.</param>
    /// <param name="seconds">The cost of the attempt.</param>
    /// <returns>The answer to its run; null where it is tried again.</returns>
    public JobAnswer? TryAgain(Assignment lost, string message, double seconds)
    {
        var (job, spent) = (lost.Waiting.Job, lost.Waiting.SpentSeconds + seconds);
        if (lost.IsCancelled)
        {
            return new JobFailed(job.Id, JobFailureReason.Cancelled, message, spent, job.Attempt);
        }

        if (job.Attempt >= policy.Attempts)
        {
            return policy.IsPoison
                ? new JobDropped(job.Id, DropReason.Poison)
                : new JobFailed(job.Id, JobFailureReason.Crashed, message, spent, job.Attempt);
        }

        var again = lost.Waiting with { Job = job with { Attempt = job.Attempt + 1 }, SpentSeconds = spent };
        if (policy.IsTriedLast)
        {
            _slots.RetryLast(again);
        }
        else
        {
            _slots.Retry(again);
        }

        return null;
    }

    private int FreeFor(WaitingJob job) =>
        _free.FindLastIndex(free => free.Abilities is null || free.Abilities.Meet(job.Needs));
}
