namespace CurvatureMonitor.Host.Http;

/// <summary>
/// Numbers that JSON can carry. JSON has no NaN and no infinity, and a made-up number in their place would mislead.
/// </summary>
internal static class Finite
{
    /// <summary>The value itself, or null where it is NaN or infinite.</summary>
    public static double? OrNull(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    /// <summary>The values themselves, or null where any of them is NaN or infinite.</summary>
    public static IReadOnlyList<double>? OrNull(IReadOnlyList<double>? values) =>
        values is not null && values.All(double.IsFinite) ? values : null;

    /// <summary>The stems themselves, or null where any number of them is NaN or infinite.</summary>
    public static SpectralStems? OrNull(SpectralStems? stems) =>
        stems is not null && OrNull(stems.Nodes) is not null && OrNull(stems.Weights) is not null ? stems : null;
}
