using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>The decays of Adam's moments as <c>"betas": [beta1, beta2]</c>, PyTorch's name for the pair.</summary>
internal static class BetasJson
{
    private const string Key = "betas";

    /// <summary>Reads the pair; null, null where it is absent.</summary>
    /// <exception cref="BundleException">It is no pair of numbers from 0 to below 1.</exception>
    public static (double? Beta1, double? Beta2) Read(JsonFields json) =>
        json.OptionalNumbers(Key) switch
        {
            null => (null, null),
            [>= 0 and < 1 and var beta1, >= 0 and < 1 and var beta2] => (beta1, beta2),
            _ => throw json.Wrong(Key, "is not a pair of numbers from 0 to below 1", "write [beta1, beta2]"),
        };

    /// <summary>Writes the pair where both are known.</summary>
    public static void Write(Utf8JsonWriter json, double? beta1, double? beta2) =>
        json.WriteOptional(Key, beta1 is { } first && beta2 is { } second ? new[] { first, second } : null);
}
