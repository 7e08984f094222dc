using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Actors.Events;

/// <summary>An analysis of a checkpoint was finished.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
/// <param name="Measurements">One an operator.</param>
/// <param name="Limits">The stability limits of the run's optimiser with the learning rate of this checkpoint; empty where none is known.</param>
/// <param name="Stability">The Hessian's sharpness beside the limit of the full loss; null where the optimiser has none, or the Hessian was not
/// measured.</param>
/// <param name="Cost">What the job cost in all.</param>
/// <param name="LagSteps">Steps that the training had gone on by.</param>
/// <param name="OverheadShare">Seconds of measuring a second of wall time, up to now; null where no time has passed.</param>
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
    double? OverheadShare)
    : MonitorEvent(Run, Time);
