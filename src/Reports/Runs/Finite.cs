using System.Text.Json.Serialization.Metadata;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// Numbers that JSON can carry. JSON has no NaN and no infinity, and a made-up number in their place would mislead.
/// </summary>
internal static class Finite
{
    /// <summary>The value itself, or null where it is NaN or infinite.</summary>
    public static double? OrNull(double? value) => IsKnown(value) ? value : null;

    /// <summary>The values themselves, or null where any of them is NaN or infinite.</summary>
    public static IReadOnlyList<double>? OrNull(IReadOnlyList<double>? values) => IsKnown(values) ? values : null;

    /// <summary>Leaves out of a type's JSON what is null, and numbers, lists and densities that are none.</summary>
    /// <param name="type">The type.</param>
    public static void Only(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.ShouldSerialize = (_, value) => IsKnown(value);
        }
    }

    private static bool IsKnown(object? value) =>
        value switch
        {
            null => false,
            double number => double.IsFinite(number),
            IReadOnlyList<double> numbers => numbers.All(double.IsFinite),
            DiscreteDensity stems => IsKnown(stems.Nodes) && IsKnown(stems.Weights),
            _ => true,
        };
}
