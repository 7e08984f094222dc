using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>One measured checkpoint as a line of the live table. What was not measured is null.</summary>
internal sealed record MeasuredRow(
    long Step,
    double? Loss,
    double? Accuracy,
    Estimate? Hessian,
    Estimate? GaussNewton,
    double? Limit,
    double? Ratio,
    long LagSteps,
    long Dropped
);
