using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>
/// Keeps what the terminal shows of one run. Events come on the monitor's thread, snapshots are taken on the
/// terminal's.
/// </summary>
internal sealed class TerminalObserver : IMonitorObserver
{
    /// <summary>Losses remembered for checkpoints that are measured later.</summary>
    private const int RememberedSteps = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<MeasuredRow> _new = new();
    private readonly SortedDictionary<long, double> _losses = [];
    private readonly List<(long Step, double Accuracy)> _evaluations = [];
    private readonly List<string> _notes = [];
    private TrainingStatus _training = TrainingStatus.NotStarted;
    private long _dropped;
    private long _measured;

    public void OnEvent(MonitorEvent monitorEvent)
    {
        lock (_lock)
        {
            Apply(monitorEvent);
        }
    }

    /// <summary>Something else that people should see, in one line.</summary>
    internal void Note(string line)
    {
        lock (_lock)
        {
            _notes.Add(line);
        }
    }

    /// <summary>Where training stands, the rows that are new since the last call, and what happened besides.</summary>
    internal TerminalSnapshot Take()
    {
        lock (_lock)
        {
            var snapshot = new TerminalSnapshot(
                _training with
                {
                    Measured = _measured,
                    Dropped = _dropped,
                },
                [.. _new],
                [.. _notes]
            );
            _new.Clear();
            _notes.Clear();
            return snapshot;
        }
    }

    private void Apply(MonitorEvent monitorEvent)
    {
        switch (monitorEvent)
        {
            case RunStarted started:
                _training = TrainingStatus.NotStarted with { Steps = started.Description.Steps ?? 0 };
                break;
            case TrainingProgressed progressed:
                Progress(progressed);
                break;
            case CheckpointDropped:
                _dropped++;
                break;
            case CheckpointMeasured { Analysis: AnalysisKind.Spectrum or AnalysisKind.Sharpness } measured:
                _measured++;
                _new.Enqueue(Row(measured));
                break;
            case AnalysisFailed failed:
                _notes.Add($"step {failed.Step}: {failed.Analysis.Label()} failed ({failed.Reason}): {failed.Message}");
                break;
            case CheckpointNotSaved unsaved:
                _notes.Add($"step {unsaved.Step}: not saved: {unsaved.Message}");
                break;
            case ActorRestarted restarted:
                _notes.Add($"actor {restarted.Actor} was restarted: {restarted.Message}");
                break;
        }
    }

    private void Progress(TrainingProgressed progressed)
    {
        var step = progressed.Step;
        if (progressed.Evaluation?.Accuracy is { } accuracy)
        {
            _evaluations.Add((step.Step, accuracy));
        }

        _training = _training with
        {
            Step = step.Step,
            Loss = step.Loss,
            LearningRate = step.LearningRate,
            Accuracy = AccuracyAt(step.Step),
        };
        _losses[step.Step] = step.Loss;
        if (_losses.Count > RememberedSteps)
        {
            _losses.Remove(_losses.First().Key);
        }
    }

    // The newest evaluation that the step had seen: a measurement comes later than its checkpoint and must not show
    // what came after it.
    private double? AccuracyAt(long step)
    {
        int last = _evaluations.FindLastIndex(evaluation => evaluation.Step <= step);
        return last < 0 ? null : _evaluations[last].Accuracy;
    }

    private MeasuredRow Row(CheckpointMeasured measured)
    {
        Estimate? Of(OperatorKind kind) =>
            measured.Measurements.FirstOrDefault(m => m.Provenance.Operator == kind)?.LambdaMax;
        double? loss = _losses.TryGetValue(measured.Step, out double value) ? value : null;
        return new MeasuredRow(
            measured.Step,
            loss,
            AccuracyAt(measured.Step),
            Of(OperatorKind.Hessian),
            Of(OperatorKind.GaussNewton),
            measured.Stability?.Limit.Value,
            measured.Stability?.Ratio,
            measured.LagSteps,
            _dropped
        );
    }
}
