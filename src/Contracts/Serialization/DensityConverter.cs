using System.Text.Json;
using System.Text.Json.Serialization;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Contracts.Serialization;

/// <summary>A spectral density as its stems, exactly.</summary>
internal sealed class DensityConverter : JsonConverter<SpectralDensity>
{
    public override SpectralDensity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stems = JsonSerializer.Deserialize<Stems>(ref reader, options)
            ?? throw new JsonException("the density is null");
        return SpectralDensity.Restore(stems.Nodes, stems.Weights, stems.Dimension, stems.Probes);
    }

    public override void Write(Utf8JsonWriter writer, SpectralDensity value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Stems(value.Nodes, value.Weights, value.Dimension, value.Probes), options);

    private sealed record Stems(IReadOnlyList<double> Nodes, IReadOnlyList<double> Weights, long Dimension, int Probes);
}
