namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>
/// The jobs that are to be sent: the latest of every slot, in the order in which the slots were filled.
/// </summary>
internal sealed class JobSpool
{
    private readonly LinkedList<OpenJob> _queue = new();
    private readonly Dictionary<SlotId, LinkedListNode<OpenJob>> _slots = [];

    public int Count => _queue.Count;

    /// <summary>Puts a job where it is to be sent.</summary>
    /// <returns>The job of its slot that need not be sent any more; null where there was none.</returns>
    public OpenJob? Put(OpenJob job)
    {
        if (_slots.TryGetValue(job.Slot, out var node))
        {
            // The newer of the two, whichever came first: an older one comes back when sending it failed.
            var older = node.Value.Number < job.Number ? node.Value : job;
            node.Value = node.Value.Number < job.Number ? job : node.Value;
            return older;
        }

        _slots.Add(job.Slot, _queue.AddLast(job));
        return null;
    }

    /// <summary>Takes the job whose turn it is.</summary>
    public OpenJob? Take()
    {
        var first = _queue.First?.Value;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>Takes a job out that need not be sent.</summary>
    public void Remove(OpenJob job)
    {
        if (_slots.TryGetValue(job.Slot, out var node) && ReferenceEquals(node.Value, job))
        {
            _queue.Remove(node);
            _slots.Remove(job.Slot);
        }
    }

    /// <summary>Whether a job is there.</summary>
    public bool Contains(OpenJob job) => _slots.TryGetValue(job.Slot, out var node) && ReferenceEquals(node.Value, job);
}
