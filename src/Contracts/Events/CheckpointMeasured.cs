using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Contracts.Events;

/// <summary>An analysis of a checkpoint was finished.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
/// <param name="Measurements">One an operator.</param>
/// <param name="Limits">The stability limits of the run's optimiser as it was at this checkpoint; empty
/// where none is known.</param>
/// <param name="Stability">The sharpness that was measured beside the limit of its kind: the Hessian's, the
/// preconditioned one, or that of batches; null where the optimiser has none, or none was measured.</param>
/// <param name="Cost">What the job cost in all.</param>
/// <param name="LagSteps">Steps that the training had gone on by.</param>
/// <param name="OverheadShare">Seconds of measuring a second of wall time, up to now; null where no time has
/// passed.</param>
public sealed record CheckpointMeasured(
    string Run,
    DateTimeOffset Time,
    long Step,
    AnalysisKind Analysis,
    IReadOnlyList<Measurement> Measurements,
    IReadOnlyList<StabilityLimit> Limits,
    StabilityRatio? Stability,
    MeasurementCost Cost,
    long LagSteps,
    double? OverheadShare
) : MonitorEvent(Run, Time)
{
    /// <summary>Statistics of the gradient; null where they were not measured.</summary>
    public GradientMeasurement? Gradient { get; init; }

    /// <summary>Norms of the parameters; null where they were not measured.</summary>
    public WeightNorms? Weights { get; init; }

    /// <summary>
    /// The step of the checkpoint that eigenvectors are compared with; null where they are compared with none.
    /// </summary>
    public long? ComparedWith { get; init; }

    /// <summary>The branch of the run, from 1.</summary>
    public int Branch { get; init; } = 1;

    /// <summary>See <see cref="Runs.CheckpointInfo.Difference"/>.</summary>
    public double? Difference { get; init; }

    /// <summary>Why no stability limit is told, in words; null where one is, or nothing is known of it.</summary>
    public string? NoLimit { get; init; }

    /// <summary>
    /// What the variance means for batches and for the optimiser; null where no variance was measured.
    /// </summary>
    public MiniBatchOutlook? Outlook { get; init; }
}
