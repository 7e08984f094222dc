using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>The series about this process. Every method is safe to call from any thread.</summary>
internal sealed class ProcessSeries
{
    private readonly MetricRegistry _registry;
    private readonly ProcessFamilies _families;
    private readonly Dictionary<string, SeriesGroup> _actors = new(StringComparer.Ordinal);
    private readonly Counter _evicted;
    private readonly Counter _deadLetters;
    private readonly Gauge _nativeBytes;
    private readonly Gauge _nativeObjects;

    public ProcessSeries(MetricRegistry registry, ProcessFamilies families, string version, string revision)
    {
        (_registry, _families) = (registry, families);
        _evicted = families.RunsEvicted.WithLabels();
        _deadLetters = families.DeadLetters.WithLabels();
        _nativeBytes = families.NativeBytes.WithLabels();
        _nativeObjects = families.NativeObjects.WithLabels();
        families.Build.WithLabels(version, revision);
    }

    public void RunEvicted() => _evicted.Increment();

    public void DeadLetter() => _deadLetters.Increment();

    public void ReportNative(long? objects, long? bytes)
    {
        using var update = _registry.BeginUpdate();
        _nativeObjects.Set(objects);
        _nativeBytes.Set(bytes);
    }

    public void AddActor(string actor)
    {
        using var update = _registry.BeginUpdate();
        Actor(actor).Add(_families.ActorRestarts, actor);
    }

    public void RemoveActor(string actor)
    {
        using var update = _registry.BeginUpdate();
        if (_actors.Remove(actor, out var group))
        {
            group.Remove();
        }
    }

    public void ActorRestarted(string actor)
    {
        using var update = _registry.BeginUpdate();
        Actor(actor).Add(_families.ActorRestarts, actor).Increment();
    }

    public void ReportMailboxDepth(string actor, long? depth)
    {
        using var update = _registry.BeginUpdate();
        Actor(actor).Add(_families.MailboxDepth, actor).Set(depth);
    }

    private SeriesGroup Actor(string actor)
    {
        ArgumentException.ThrowIfNullOrEmpty(actor);
        if (!_actors.TryGetValue(actor, out var group))
        {
            _actors.Add(actor, group = _registry.CreateGroup());
        }
        return group;
    }
}
