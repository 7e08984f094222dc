namespace CurvatureMonitor.Metrics.Registry;

/// <summary>The naming rules of Prometheus and OpenMetrics 1.0, and those of buckets.</summary>
internal static class DescriptorRules
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

    /// <summary>Checks a family.</summary>
    /// <exception cref="ArgumentException">It breaks a rule; the message says which.</exception>
    public static void Check(MetricDescriptor family)
    {
        CheckName(family);
        CheckUnit(family);
        CheckLabels(family);
        CheckBounds(family);
    }

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

    private static void CheckName(MetricDescriptor family)
    {
        if (!IsIdentifier(family.Name))
        {
            throw new ArgumentException(
                $"Metric name '{family.Name}' may hold letters, digits and underscores only, and starts with no digit."
            );
        }
        var suffix = Array.Find(ReservedSuffixes, s => family.FamilyName.EndsWith(s, StringComparison.Ordinal));
        if (suffix is not null)
        {
            throw new ArgumentException(
                $"Metric family '{family.FamilyName}' may not end in '{suffix}': the formats give that suffix a "
                    + $"meaning of its own."
            );
        }
    }

    private static void CheckUnit(MetricDescriptor family)
    {
        if (family.Unit is null)
        {
            return;
        }
        if (family.Type == MetricType.Info)
        {
            throw new ArgumentException($"Metric '{family.Name}' is an info and has no unit.");
        }
        if (family.Unit.Length == 0 || !family.FamilyName.EndsWith('_' + family.Unit, StringComparison.Ordinal))
        {
            throw new ArgumentException($"Metric family '{family.FamilyName}' must end in its unit '_{family.Unit}'.");
        }
    }

    private static void CheckLabels(MetricDescriptor family)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var label in family.Labels)
        {
            var taken = label == "le" && family.Type is MetricType.Histogram or MetricType.GaugeHistogram;
            if (
                string.IsNullOrEmpty(label)
                || !IsIdentifier(label)
                || label.StartsWith("__", StringComparison.Ordinal)
                || taken
            )
            {
                throw new ArgumentException(
                    $"Metric '{family.Name}' has a label name '{label}' that is malformed or reserved."
                );
            }
            if (!seen.Add(label))
            {
                throw new ArgumentException($"Metric '{family.Name}' has the label '{label}' twice.");
            }
        }
    }

    private static void CheckBounds(MetricDescriptor family)
    {
        var histogram = family.Type is MetricType.Histogram or MetricType.GaugeHistogram;
        if (histogram != family.Bounds.Count > 0)
        {
            throw new ArgumentException(
                histogram
                    ? $"Metric '{family.Name}' needs bucket bounds."
                    : $"Metric '{family.Name}' is no histogram and has no bucket bounds."
            );
        }
        for (var i = 0; i < family.Bounds.Count; i++)
        {
            if (!double.IsFinite(family.Bounds[i]) || (i > 0 && family.Bounds[i] <= family.Bounds[i - 1]))
            {
                throw new ArgumentException(
                    $"Bucket bounds of metric '{family.Name}' must be finite and increasing; bound {i} is not."
                );
            }
        }
        if (family.Type == MetricType.Histogram && family.Bounds[0] < 0)
        {
            // A sum that may fall is no counter, so OpenMetrics forbids the sum there; a gauge histogram is the honest
            // type.
            throw new ArgumentException(
                $"Metric '{family.Name}' is a histogram with a negative bound: use a gauge histogram."
            );
        }
    }
}
