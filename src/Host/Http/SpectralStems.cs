namespace CurvatureMonitor.Host.Http;

/// <summary>A spectral density in stem form: a weight at each node; the weights sum to one.</summary>
/// <param name="Nodes">Places θ_i on the eigenvalue axis.</param>
/// <param name="Weights">Weights w_i, as many as nodes.</param>
internal sealed record SpectralStems(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights);
