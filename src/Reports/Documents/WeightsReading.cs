using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>The size of the parameters.</summary>
internal sealed record WeightsReading
{
    /// <summary>‖θ‖₂.</summary>
    public double? L2 { get; init; }

    /// <summary>max |θ_i|.</summary>
    public double? Linf { get; init; }

    /// <summary>‖θ_l‖₂ by the name of the parameter tensor; their squares add up.</summary>
    public IReadOnlyDictionary<string, double>? Layers { get; init; }

    internal static WeightsReading Of(WeightNorms norms) =>
        new()
        {
            L2 = norms.Norm.Value,
            Linf = norms.Maximum.Value,
            Layers = norms.Layers.ToDictionary(layer => layer.Layer, layer => layer.Estimate.Value),
        };
}
