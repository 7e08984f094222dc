using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The largest eigenvalue that theory predicts on a batch.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="BatchSize">B.</param>
/// <param name="LambdaMax">The prediction, with the error bar that the variance leaves.</param>
public sealed record BatchPrediction(OperatorKind Operator, long BatchSize, Estimate LambdaMax);
