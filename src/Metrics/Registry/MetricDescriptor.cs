using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// What a metric family is: name, help, type, unit, labels. Immutable; checked against the naming rules of Prometheus
/// and OpenMetrics 1.0.
/// </summary>
public sealed class MetricDescriptor
{
    private static readonly string[] ReservedSuffixes =
    [
        "_total",
        "_created",
        "_bucket",
        "_count",
        "_sum",
        "_gcount",
        "_gsum",
        "_info",
    ];

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
        CheckName();
        CheckUnit();
        CheckLabels();
        CheckBounds();
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

    /// <summary>What the exposition writes of it.</summary>
    internal FamilyText Text => field ??= new FamilyText(this);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Type})";

    private static bool IsIdentifier(string text)
    {
        // Colons are legal in Prometheus, but reserved for recording rules.
        if (!char.IsAsciiLetter(text[0]) && text[0] != '_')
        {
            return false;
        }
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }
        return true;
    }

    private static string Strip(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
            ? name[..^suffix.Length]
            : throw new ArgumentException($"Metric '{name}' must end in '{suffix}'.", nameof(name));

    private void CheckName()
    {
        if (!IsIdentifier(Name))
        {
            throw new ArgumentException(
                $"Metric name '{Name}' may hold letters, digits and underscores only, and starts with no digit."
            );
        }
        var suffix = Array.Find(ReservedSuffixes, s => FamilyName.EndsWith(s, StringComparison.Ordinal));
        if (suffix is not null)
        {
            throw new ArgumentException(
                $"Metric family '{FamilyName}' may not end in '{suffix}': the formats give that suffix a meaning of "
                    + $"its own."
            );
        }
    }

    private void CheckUnit()
    {
        if (Unit is null)
        {
            return;
        }
        if (Type == MetricType.Info)
        {
            throw new ArgumentException($"Metric '{Name}' is an info and has no unit.");
        }
        if (Unit.Length == 0 || !FamilyName.EndsWith('_' + Unit, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Metric family '{FamilyName}' must end in its unit '_{Unit}'.");
        }
    }

    private void CheckLabels()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var label in Labels)
        {
            var taken = label == "le" && Type is MetricType.Histogram or MetricType.GaugeHistogram;
            if (
                string.IsNullOrEmpty(label)
                || !IsIdentifier(label)
                || label.StartsWith("__", StringComparison.Ordinal)
                || taken
            )
            {
                throw new ArgumentException(
                    $"Metric '{Name}' has a label name '{label}' that is malformed or reserved."
                );
            }
            if (!seen.Add(label))
            {
                throw new ArgumentException($"Metric '{Name}' has the label '{label}' twice.");
            }
        }
    }

    private void CheckBounds()
    {
        var histogram = Type is MetricType.Histogram or MetricType.GaugeHistogram;
        if (histogram != Bounds.Count > 0)
        {
            throw new ArgumentException(
                histogram
                    ? $"Metric '{Name}' needs bucket bounds."
                    : $"Metric '{Name}' is no histogram and has no bucket bounds."
            );
        }
        for (var i = 0; i < Bounds.Count; i++)
        {
            if (!double.IsFinite(Bounds[i]) || (i > 0 && Bounds[i] <= Bounds[i - 1]))
            {
                throw new ArgumentException(
                    $"Bucket bounds of metric '{Name}' must be finite and increasing; bound {i} is not."
                );
            }
        }
        if (Type == MetricType.Histogram && Bounds[0] < 0)
        {
            // A sum that may fall is no counter, so OpenMetrics forbids the sum there; a gauge histogram is the honest
            // type.
            throw new ArgumentException(
                $"Metric '{Name}' is a histogram with a negative bound: use a gauge histogram."
            );
        }
    }
}
