using System.Globalization;
using System.Text;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>
/// The table of families in <c>docs/metrics.md</c>, written from the registry, so that it cannot say anything else than
/// what is served.
/// </summary>
public static class MetricsDocument
{
    /// <summary>What stands before the table in the document.</summary>
    public const string Begin = "<!-- families: written by the tests from the registry -->";

    /// <summary>What stands after it.</summary>
    public const string End = "<!-- end of families -->";

    /// <summary>One line a family, in the order of the exposition.</summary>
    /// <param name="descriptors">The families.</param>
    public static string Table(IEnumerable<MetricDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        var text = new StringBuilder("| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n");
        foreach (var family in descriptors)
        {
            var labels = string.Join(", ", family.Labels.Select(label => $"`{label}`"));
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{family.Name}` | {family.Type.ToString().ToLowerInvariant()} | {family.Unit} | {labels} | "
                    + $"{Cell(family.Help)} |\n"
            );
        }
        return text.ToString();
    }

    /// <summary>The document with the table put between its marks.</summary>
    /// <param name="document">The document.</param>
    /// <param name="descriptors">The families.</param>
    /// <exception cref="ArgumentException">The marks are missing.</exception>
    public static string Update(string document, IEnumerable<MetricDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(document);
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? document[..(begin + Begin.Length)] + "\n" + Table(descriptors) + document[end..]
            : throw new ArgumentException($"the document lacks '{Begin}' or '{End}'", nameof(document));
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
