using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The sums of a run that go into its summary.</summary>
internal sealed class RunTotals
{
    private double? _loss;
    private double? _accuracy;
    private long _measurements;
    private long _products;
    private long? _peakBytes;

    /// <summary>The latest step made.</summary>
    public long Step { get; private set; }

    public void Count(TrainingStep step, Evaluation? evaluation)
    {
        _loss = step.Loss;
        Step = step.IsFinite ? step.Step : step.Step - 1;
        _accuracy = evaluation?.Accuracy ?? _accuracy;
    }

    public void Count(Measured measured)
    {
        _measurements += measured.Report.Measurements.Count;
        _products += measured.Cost.CurvatureProducts;
        _peakBytes = Math.Max(_peakBytes ?? 0, measured.Cost.PeakBytes);
    }

    /// <summary>A checkpoint from outside told of a step.</summary>
    public void Count(long step, double? loss)
    {
        Step = Math.Max(Step, step);
        _loss = loss;
    }

    /// <summary>A measurement of an earlier process.</summary>
    public void Count(CheckpointMeasured measured)
    {
        _measurements += measured.Measurements.Count;
        _products += measured.Cost.CurvatureProducts;
        _peakBytes = Math.Max(_peakBytes ?? 0, measured.Cost.PeakBytes);
    }

    public RunSummary Summarise(string run, TrainingEnded ended, CheckpointLedger ledger, OverheadMeter overhead) =>
        new()
        {
            Run = run,
            Outcome = ended.Outcome,
            Failure = ended.Failure,
            Steps = Step,
            FinalLoss = _loss,
            FinalAccuracy = _accuracy,
            Emitted = ledger.Emitted,
            Measured = ledger.Measured,
            Failed = ledger.Failed,
            Dropped = ledger.Dropped.ToDictionary(),
            Measurements = _measurements,
            CurvatureProducts = _products,
            WallSeconds = overhead.WallSeconds,
            TrainingSeconds = ended.StepSeconds,
            EmittingSeconds = ended.EmittingSeconds,
            CurvatureSeconds = overhead.Seconds,
            OverheadShare = overhead.Share,
            PeakBytes = _peakBytes,
        };
}
