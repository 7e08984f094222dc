namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// What a metric family is: name, help, type, unit, labels. Immutable; checked against the naming rules of Prometheus
/// and OpenMetrics 1.0.
/// </summary>
public sealed class MetricDescriptor
{
    /// <summary>Describes a family.</summary>
    /// <param name="name">The name as it appears on the samples of simple types: a counter ends in <c>_total</c>, an
    /// info in <c>_info</c>.</param>
    /// <param name="type">The type.</param>
    /// <param name="help">One sentence for people.</param>
    /// <param name="labels">The label names, in the order in which values are given; none when omitted.</param>
    /// <param name="unit">The base unit (<c>seconds</c>, <c>bytes</c>, <c>ratio</c>), or null; the family name ends in
    /// it.</param>
    /// <param name="bounds">Finite upper bounds of the buckets, strictly increasing; for the two histogram types
    /// only.</param>
    /// <exception cref="ArgumentException">A name, label, unit or bound breaks a rule; the message says
    /// which.</exception>
    public MetricDescriptor(
        string name,
        MetricType type,
        string help,
        IReadOnlyList<string>? labels = null,
        string? unit = null,
        IReadOnlyList<double>? bounds = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(help);
        Name = name;
        Type = type;
        Help = help;
        Unit = unit;
        Labels = labels is null ? [] : [.. labels];
        Bounds = bounds is null ? [] : [.. bounds];
        FamilyName = type switch
        {
            MetricType.Counter => Strip(name, "_total"),
            MetricType.Info => Strip(name, "_info"),
            _ => name,
        };
        DescriptorRules.Check(this);
    }

    /// <summary>
    /// The name as the catalogue lists it and as text format 0.0.4 heads it, for example <c>curvature_jobs_total</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>The OpenMetrics family name: <see cref="Name"/> without <c>_total</c> or <c>_info</c>.</summary>
    public string FamilyName { get; }

    /// <summary>The type.</summary>
    public MetricType Type { get; }

    /// <summary>One sentence for people.</summary>
    public string Help { get; }

    /// <summary>The base unit, or null for a plain number.</summary>
    public string? Unit { get; }

    /// <summary>The label names, <c>le</c> excluded.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>
    /// Finite upper bounds of the buckets, increasing; empty unless a histogram type. The bucket <c>+Inf</c> always
    /// follows.
    /// </summary>
    public IReadOnlyList<double> Bounds { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Type})";

    private static string Strip(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
            ? name[..^suffix.Length]
            : throw new ArgumentException($"Metric '{name}' must end in '{suffix}'.", nameof(name));
}
