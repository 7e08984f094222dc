using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>What random probes say about an operator.</summary>
/// <param name="Trace">tr A.</param>
/// <param name="Frobenius">‖A‖_F.</param>
/// <param name="Layers">The traces of the diagonal blocks that were asked for.</param>
/// <param name="Probes">How many probes were used, the deflated directions not counted.</param>
/// <param name="Deflated">How many directions were taken out and counted exactly.</param>
/// <param name="Exact">Whether the probes were all unit vectors.</param>
public sealed record StochasticTraceResult(
    Estimate Trace,
    Estimate Frobenius,
    IReadOnlyList<LayerEstimate> Layers,
    int Probes,
    int Deflated,
    bool Exact
)
{
    /// <summary>The traces of the modules' blocks, in the order in which they were asked for.</summary>
    public IReadOnlyList<Estimate> Modules { get; init; } = [];
}
