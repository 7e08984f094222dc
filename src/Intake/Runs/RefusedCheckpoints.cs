using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>The checkpoints of a run that could not be used, which are tried again when their files change.</summary>
internal sealed class RefusedCheckpoints
{
    private readonly Dictionary<long, DateTimeOffset> _times = [];

    /// <summary>What became of a checkpoint, in this process or an earlier one.</summary>
    internal void Hear(MonitorEvent happened)
    {
        switch (happened)
        {
            case AnalysisFailed { Reason: JobFailureReason.InvalidCheckpoint } failed:
                _times[failed.Step] = failed.Time;
                break;
            case CheckpointMeasured measured:
                _times.Remove(measured.Step);
                break;
            default:
                break;
        }
    }

    /// <summary>When a step's checkpoint was refused; null where it was not.</summary>
    internal DateTimeOffset? TimeOf(long step) => _times.TryGetValue(step, out var time) ? time : null;

    /// <summary>A step's checkpoint is tried again.</summary>
    internal void Remove(long step) => _times.Remove(step);

    /// <summary>A new branch begins: its checkpoints are others.</summary>
    internal void Branch(long step)
    {
        foreach (long later in _times.Keys.Where(refused => refused >= step).ToList())
        {
            _times.Remove(later);
        }
    }
}
