using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics;

/// <summary>The metrics of a cluster, as its host sees it. Every method is safe to call from any thread.</summary>
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

    /// <summary>Announces that this process is a host of a cluster, so that what happens is counted from 0.</summary>
    /// <param name="signals">The signals by which workers are lost.</param>
    public void Begin(IEnumerable<string> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        using var update = _registry.BeginUpdate();
        _families.Assignments.WithLabels();
        _families.Reassignment.WithLabels();
        foreach (string signal in signals)
        {
            _families.Losses.WithLabels(signal);
        }
    }

    /// <summary>Reports whether this host takes part in its cluster.</summary>
    /// <param name="joined">Whether it does.</param>
    public void ReportJoined(bool joined) => _families.Joined.WithLabels().Set(joined ? 1 : 0);

    /// <summary>Reports until when the host's certificate holds.</summary>
    /// <param name="expiry">When it is over.</param>
    public void ReportCertificate(DateTimeOffset expiry) =>
        _families.CertificateExpiry.WithLabels().Set(UnixTime.Seconds(expiry));

    /// <summary>Reports the other members of a role.</summary>
    /// <param name="role">The role: <c>host</c>, <c>worker</c>.</param>
    /// <param name="up">Those that are reached.</param>
    /// <param name="unreachable">Those that are not.</param>
    public void ReportMembers(string role, int up, int unreachable)
    {
        using var update = _registry.BeginUpdate();
        _families.Members.WithLabels(role, "up").Set(up);
        _families.Members.WithLabels(role, "unreachable").Set(unreachable);
    }

    /// <summary>Reports the answers that workers keep.</summary>
    /// <param name="count">Their number.</param>
    public void ReportAnswersKept(int count) => _families.AnswersKept.WithLabels().Set(count);

    /// <summary>Counts a job that was given to a worker.</summary>
    public void Assigned() => _families.Assignments.WithLabels().Increment();

    /// <summary>Counts a worker that was lost.</summary>
    /// <param name="signal">The signal that told it.</param>
    public void Lost(string signal) => _families.Losses.WithLabels(signal).Increment();

    /// <summary>Records that the job of a lost worker was begun by another.</summary>
    /// <param name="time">How long after the loss.</param>
    public void Reassigned(TimeSpan time) => _families.Reassignment.WithLabels().Observe(time.TotalSeconds);

    /// <summary>Reports a worker.</summary>
    /// <param name="worker">Its name.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="up">Whether it is in the cluster.</param>
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
