using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The sums and latest values of a run that go into its summary.</summary>
internal sealed class RunTotals
{
    /// <summary>The latest step made.</summary>
    public long Step { get; private set; }

    /// <summary>The latest training loss.</summary>
    public double? Loss { get; private set; }

    /// <summary>The latest accuracy on the test data.</summary>
    public double? Accuracy { get; private set; }

    /// <summary>Measurements, one an operator and analysis.</summary>
    public long Measurements { get; private set; }

    /// <summary>Curvature products.</summary>
    public long Products { get; private set; }

    /// <summary>The most memory that a job used; null before the first.</summary>
    public long? PeakBytes { get; private set; }

    public void Count(TrainingProgressed progressed)
    {
        Loss = progressed.Step.Loss;
        Step = progressed.Step.IsFinite ? progressed.Step.Step : progressed.Step.Step - 1;
        Accuracy = progressed.Evaluation?.Accuracy ?? Accuracy;
    }

    public void Count(TrainingReported reported)
    {
        Step = Math.Max(Step, reported.Step);
        Loss = reported.Loss;
    }

    public void Count(RunBranched branched) => Step = branched.Step - 1;

    public void Count(CheckpointMeasured measured)
    {
        Measurements += measured.Measurements.Count;
        Products += measured.Cost.CurvatureProducts;
        PeakBytes = Math.Max(PeakBytes ?? 0, measured.Cost.PeakBytes);
    }
}
