using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max of the operator scaled by the learning rates of its parameters.</summary>
/// <param name="Sharpness">The largest eigenvalue with its residual bound.</param>
/// <param name="Converged">Whether the tolerance was reached.</param>
/// <param name="Cost">What it cost.</param>
public sealed record ScaledSharpness(Estimate Sharpness, bool Converged, MeasurementCost Cost);
