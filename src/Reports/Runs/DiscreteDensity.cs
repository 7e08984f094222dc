namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// A spectral density in stem form: a weight at each node; the weights sum to one. Documents name dimension and probes
/// elsewhere or not at all, so that it need not be a <see cref="Contracts.Measurements.SpectralDensity"/>.
/// </summary>
/// <param name="Nodes">Places θ_i on the eigenvalue axis.</param>
/// <param name="Weights">Weights w_i, as many as nodes.</param>
internal sealed record DiscreteDensity(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights);
