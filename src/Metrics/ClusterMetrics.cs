using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics;

/// <summary>The metrics of broker and workers. Every method is safe to call from any thread.</summary>
public sealed class ClusterMetrics
{
    private readonly MetricRegistry _registry;
    private readonly ClusterFamilies _families;
    private readonly Dictionary<(string Worker, string Device), SeriesGroup> _workers = [];

    internal ClusterMetrics(MetricRegistry registry, ClusterFamilies families)
    {
        _registry = registry;
        _families = families;
    }

    /// <summary>Reports the connection to the broker.</summary>
    /// <param name="role">What this process is to the broker: <c>host</c>, <c>worker</c>.</param>
    /// <param name="connected">Whether it is connected.</param>
    /// <param name="consumers">How many queues it consumes from; none where null.</param>
    public void ReportBus(string role, bool connected, int? consumers)
    {
        using var update = _registry.BeginUpdate();
        _families.BusConnected.WithLabels(role).Set(connected ? 1 : 0);
        _families.BusConsumers.WithLabels(role).Set(consumers ?? 0);
        _families.BusReconnects.WithLabels(role);
    }

    /// <summary>Counts a connection that was built again.</summary>
    /// <param name="role">As for <see cref="ReportBus"/>.</param>
    public void BusReconnected(string role) => _families.BusReconnects.WithLabels(role).Increment();

    /// <summary>Reports a kind of queue.</summary>
    /// <param name="queue">The kind: <c>tickets</c>, <c>slots</c>, <c>results</c>, <c>dead</c>.</param>
    /// <param name="depth">Messages that wait; null where that is not known.</param>
    public void ReportQueue(string queue, long? depth) => _families.QueueDepth.WithLabels(queue).Set(depth);

    /// <summary>Reports what this process holds of a kind of queue.</summary>
    /// <param name="queue">The kind.</param>
    /// <param name="unacked">Messages that it was handed and has not acknowledged; null where that is not
    /// known.</param>
    public void ReportUnacked(string queue, long? unacked) => _families.QueueUnacked.WithLabels(queue).Set(unacked);

    /// <summary>Announces a kind of queue, so that its redeliveries are counted from 0.</summary>
    /// <param name="queue">The kind.</param>
    public void AddQueue(string queue) => _families.Redeliveries.WithLabels(queue);

    /// <summary>Counts a message that was delivered again.</summary>
    /// <param name="queue">The kind of queue.</param>
    public void Redelivered(string queue) => _families.Redeliveries.WithLabels(queue).Increment();

    /// <summary>Reports a worker.</summary>
    /// <param name="worker">Its name.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="up">Whether it is heard.</param>
    /// <param name="busy">Whether it has a job; null where that is not known.</param>
    /// <param name="lastSeen">When it was last heard.</param>
    public void ReportWorker(string worker, string device, bool up, bool? busy, DateTimeOffset lastSeen)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        using var update = _registry.BeginUpdate();
        if (!_workers.TryGetValue((worker, device), out var group))
        {
            _workers.Add((worker, device), group = _registry.CreateGroup());
        }

        group.Add(_families.WorkerUp, worker, device).Set(up ? 1 : 0);
        group.Add(_families.WorkerBusy, worker, device).Set(busy is { } known ? (known ? 1 : 0) : null);
        group.Add(_families.WorkerLastSeen, worker, device).Set(UnixTime.Seconds(lastSeen));
    }

    /// <summary>Takes the series of a worker away.</summary>
    /// <param name="worker">Its name.</param>
    /// <param name="device">Where it computed.</param>
    public void RemoveWorker(string worker, string device)
    {
        using var update = _registry.BeginUpdate();
        if (_workers.Remove((worker, device), out var group))
        {
            group.Remove();
        }
    }
}
