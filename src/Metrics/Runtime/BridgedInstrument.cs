using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Runtime;

/// <summary>An instrument of a .NET meter, and the family that it is served as.</summary>
/// <param name="Name">The instrument's name, for example <c>dotnet.gc.pause.time</c>.</param>
/// <param name="Type">Counter, gauge or histogram.</param>
/// <param name="Unit">The unit as the instrument has it: <c>s</c>, <c>By</c>, or an annotation in braces.</param>
/// <param name="Help">One sentence for people.</param>
/// <param name="Tags">The tags that become labels.</param>
internal sealed record BridgedInstrument(string Name, MetricType Type, string Unit, string Help, params string[] Tags)
{
    /// <summary>The unit as Prometheus names it; null for annotations.</summary>
    public string? BaseUnit =>
        Unit switch
        {
            "s" => "seconds",
            "By" => "bytes",
            _ => null,
        };

    /// <summary>
    /// The name by OpenTelemetry's rules for Prometheus: dots become underscores, the unit is spelt out and appended,
    /// counters end in <c>_total</c>.
    /// </summary>
    public string FamilyName
    {
        get
        {
            var name = Name.Replace('.', '_');
            name =
                BaseUnit is { } unit && !name.EndsWith('_' + unit, StringComparison.Ordinal) ? $"{name}_{unit}" : name;
            return Type == MetricType.Counter ? $"{name}_total" : name;
        }
    }

    /// <summary>The label names, in the order of <see cref="Tags"/>.</summary>
    public string[] Labels => [.. Tags.Select(tag => tag.Replace('.', '_'))];
}
