using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The jobs that wait: one slot a run and analysis, served in the order in which the slots were filled. Jobs that have
/// begun before come before all of them, or in their turn.
/// </summary>
internal sealed class JobSlots
{
    private readonly LinkedList<WaitingJob> _retries = new();
    private readonly LinkedList<WaitingJob> _queue = new();

    /// <summary>Jobs that wait.</summary>
    public int Count => _retries.Count + _queue.Count;

    /// <summary>Puts a job into its slot.</summary>
    /// <returns>The job that it replaced, keeping its turn; null where the slot was empty.</returns>
    public WaitingJob? Offer(WaitingJob waiting)
    {
        for (var node = _queue.First; node is not null; node = node.Next)
        {
            var (id, other) = (waiting.Job.Id, node.Value.Job.Id);
            if (!node.Value.HasBegun && other.Run == id.Run && other.Analysis == id.Analysis)
            {
                var replaced = node.Value;
                node.Value = waiting;
                return replaced;
            }
        }

        _queue.AddLast(waiting);
        return null;
    }

    /// <summary>Puts a job that has begun where it is taken next; no newer one replaces it.</summary>
    public void Retry(WaitingJob waiting) => _retries.AddLast(waiting with { HasBegun = true });

    /// <summary>Puts a job that has begun behind those that wait; no newer one replaces it.</summary>
    public void RetryLast(WaitingJob waiting) => _queue.AddLast(waiting with { HasBegun = true });

    /// <summary>Takes the first job, in the order of turns, that can be done.</summary>
    /// <param name="canBeDone">Whether a free worker can do it.</param>
    /// <returns>Null where none waits that can.</returns>
    public WaitingJob? Take(Func<WaitingJob, bool> canBeDone) => Take(_retries, canBeDone) ?? Take(_queue, canBeDone);

    /// <summary>Takes a job that need not be done any more; null where it does not wait.</summary>
    public WaitingJob? Remove(JobId id) =>
        Take(_retries, waiting => waiting.Job.Id == id) ?? Take(_queue, waiting => waiting.Job.Id == id);

    /// <summary>Takes every waiting job of a run.</summary>
    public IReadOnlyList<WaitingJob> Withdraw(string run) => [.. Remove(_retries, run), .. Remove(_queue, run)];

    private static WaitingJob? Take(LinkedList<WaitingJob> list, Func<WaitingJob, bool> isWanted)
    {
        for (var node = list.First; node is not null; node = node.Next)
        {
            if (isWanted(node.Value))
            {
                list.Remove(node);
                return node.Value;
            }
        }

        return null;
    }

    private static List<WaitingJob> Remove(LinkedList<WaitingJob> list, string run)
    {
        var removed = list.Where(waiting => waiting.Job.Id.Run == run).ToList();
        removed.ForEach(waiting => list.Remove(waiting));
        return removed;
    }
}
