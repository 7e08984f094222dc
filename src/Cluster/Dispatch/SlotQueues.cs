using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>The queue of every slot: what it is called, and whether it is known to be there.</summary>
/// <param name="names">The names of queues.</param>
/// <param name="instance">The host.</param>
internal sealed class SlotQueues(BrokerNames names, string instance)
{
    private readonly Dictionary<SlotId, int> _generations = [];
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The queue of a slot.</summary>
    public string NameOf(SlotId slot) =>
        names.Slot(instance, slot.Run, slot.Analysis, _generations.GetValueOrDefault(slot));

    /// <summary>Whether the queue of a slot was declared in this session.</summary>
    public bool IsDeclared(SlotId slot) => _declared.Contains(NameOf(slot));

    /// <summary>A job was put into a queue.</summary>
    public void Used(string queue)
    {
        _declared.Add(queue);
        _used.Add(queue);
    }

    /// <summary>The queue of a slot may not be there.</summary>
    public void Undeclared(SlotId slot) => _declared.Remove(NameOf(slot));

    /// <summary>The queue of a slot is broken: from now on it has another.</summary>
    public void Replace(SlotId slot) => _generations[slot] = _generations.GetValueOrDefault(slot) + 1;

    /// <summary>There is a new session, perhaps with a broker that has lost all queues.</summary>
    public void SessionBegan() => _declared.Clear();

    /// <summary>A run is over.</summary>
    /// <returns>The queues that it used.</returns>
    public IReadOnlyList<string> Forget(string run)
    {
        var queues = Enum.GetValues<AnalysisKind>()
            .Select(kind => NameOf(new SlotId(run, kind)))
            .Where(_used.Remove)
            .ToList();
        queues.ForEach(queue => _declared.Remove(queue));
        return queues;
    }
}
