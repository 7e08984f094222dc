using System.Globalization;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>Numbers as people read them. What is unknown is a dash, never 0.</summary>
internal static class Numbers
{
    internal const string Unknown = "–";

    internal static string Plain(double? value) =>
        value is { } number ? number.ToString("G4", CultureInfo.InvariantCulture) : Unknown;

    internal static string Ratio(double? value) =>
        value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : Unknown;

    internal static string Share(double? value) =>
        value is { } number ? number.ToString("P1", CultureInfo.InvariantCulture) : Unknown;

    internal static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Seconds(double? value) =>
        value is { } number ? number.ToString("0.0", CultureInfo.InvariantCulture) + " s" : Unknown;

    internal static string Bytes(long? value) =>
        value is { } bytes ? (bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " MB" : Unknown;

    internal static string WithError(Estimate? estimate) => WithError(estimate?.Value, estimate?.Error) ?? Unknown;

    /// <summary>A number with its error bar, where that is known; null where the number is not.</summary>
    internal static string? WithError(double? value, double? error) =>
        value is not { } number ? null
        : error is not { } bar ? Plain(number)
        : $"{Plain(number)} ± {bar.ToString("G2", CultureInfo.InvariantCulture)}";
}
