namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>A data point as a collector gets it.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Kind">gauge, counter (a monotonic cumulative sum), sum (any other), histogram.</param>
/// <param name="Unit">The unit; empty for none.</param>
/// <param name="Help">The description.</param>
/// <param name="Scope">The run of the scope; empty for the process.</param>
/// <param name="Labels">The attributes.</param>
/// <param name="Value">The value of a gauge or a sum; the sum of a histogram.</param>
/// <param name="Bounds">Of a histogram.</param>
/// <param name="Counts">Of a histogram, not cumulative.</param>
internal sealed record OtlpPoint(
    string Metric,
    string Kind,
    string Unit,
    string Help,
    string Scope,
    IReadOnlyDictionary<string, string> Labels,
    double Value,
    double[] Bounds,
    ulong[] Counts
)
{
    /// <summary>Name and labels in one text, the labels by name.</summary>
    public string Identity => Identify(Metric, Labels);

    public static string Identify(string name, IEnumerable<KeyValuePair<string, string>> labels) =>
        name
        + "{"
        + string.Join(
            ",",
            labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")
        )
        + "}";
}
