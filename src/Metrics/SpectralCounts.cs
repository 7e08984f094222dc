namespace CurvatureMonitor.Metrics;

/// <summary>
/// A spectral density in stem form: weights of sum 1 at nodes, for an operator with <paramref name="Dimension"/>
/// eigenvalues.
/// </summary>
/// <param name="Nodes">The nodes, in any order.</param>
/// <param name="Weights">The weight of every node, not negative.</param>
/// <param name="Dimension">P, the number of parameters.</param>
/// <param name="Trace">The trace of the operator; P · Σ wᵢ θᵢ, the estimate of the same density, when null.</param>
public sealed record SpectralCounts(
    IReadOnlyList<double> Nodes,
    IReadOnlyList<double> Weights,
    long Dimension,
    double? Trace = null
);
