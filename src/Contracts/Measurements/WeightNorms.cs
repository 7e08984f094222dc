namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The size of the parameters.</summary>
/// <param name="Norm">‖θ‖.</param>
/// <param name="Maximum">max |θ_k|.</param>
/// <param name="Layers">‖θ_l‖ of every parameter tensor, in the model's order; their squares add up to ‖θ‖².</param>
public sealed record WeightNorms(Estimate Norm, Estimate Maximum, IReadOnlyList<LayerEstimate> Layers);
