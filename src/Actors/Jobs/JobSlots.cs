namespace CurvatureMonitor.Actors.Jobs;

/// <summary>
/// The jobs that wait: one slot a run and analysis, served in the order in which the slots were filled; jobs to be
/// tried again come before all of them.
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
            if (node.Value.Job.Id.Run == waiting.Job.Id.Run && node.Value.Job.Id.Analysis == waiting.Job.Id.Analysis)
            {
                var replaced = node.Value;
                node.Value = waiting;
                return replaced;
            }
        }

        _queue.AddLast(waiting);
        return null;
    }

    /// <summary>
    /// Puts a job whose actor crashed where it is taken next. It has begun, so no newer one replaces it.
    /// </summary>
    public void Retry(WaitingJob waiting) => _retries.AddLast(waiting);

    /// <summary>Takes the job whose turn it is; null where none waits.</summary>
    public WaitingJob? Take()
    {
        var list = _retries.Count > 0 ? _retries : _queue;
        var first = list.First?.Value;
        if (first is not null)
        {
            list.RemoveFirst();
        }

        return first;
    }

    /// <summary>Takes every waiting job of a run.</summary>
    public IReadOnlyList<WaitingJob> Withdraw(string run) => [.. Remove(_retries, run), .. Remove(_queue, run)];

    private static List<WaitingJob> Remove(LinkedList<WaitingJob> list, string run)
    {
        var removed = list.Where(waiting => waiting.Job.Id.Run == run).ToList();
        removed.ForEach(waiting => list.Remove(waiting));
        return removed;
    }
}
