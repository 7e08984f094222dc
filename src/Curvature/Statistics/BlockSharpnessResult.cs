using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The largest eigenvalues of some diagonal blocks.</summary>
/// <param name="Values">One a block, with its residual bound.</param>
/// <param name="Converged">Whether every one reached the tolerance.</param>
/// <param name="Steps">Lanczos steps of the longest search.</param>
/// <param name="Cost">What they cost together.</param>
internal sealed record BlockSharpnessResult(
    IReadOnlyList<Estimate> Values,
    bool Converged,
    int Steps,
    MeasurementCost Cost
);
