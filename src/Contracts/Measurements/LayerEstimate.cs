namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A number of one parameter tensor.</summary>
/// <param name="Layer">The tensor's name in the model.</param>
/// <param name="Parameters">How many parameters it has.</param>
/// <param name="Estimate">The number with its error bar.</param>
public sealed record LayerEstimate(string Layer, long Parameters, Estimate Estimate);
