using System.Globalization;
using System.Text;
using CurvatureMonitor.Metrics.Registry;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// What a registry should hold, told in plain values, and the samples that both formats must then show.
/// </summary>
internal sealed record RegistryModel(IReadOnlyList<RegistryModel.Family> Families)
{
    public sealed record Series(string[] Labels, double Value, long[] Increments, double Sum, bool Present);

    public sealed record Family(
        MetricType Type,
        string Help,
        string? Unit,
        int LabelCount,
        double[] Bounds,
        IReadOnlyList<Series> Series
    )
    {
        public string[] LabelNames => [.. Enumerable.Range(0, LabelCount).Select(i => $"label_{i}")];

        public string Stem(int index) => $"family_{index}" + (Unit is null ? "" : "_" + Unit);

        public string Name(int index) =>
            Stem(index)
            + (
                Type == MetricType.Counter ? "_total"
                : Type == MetricType.Info ? "_info"
                : ""
            );
    }

    public static Gen<RegistryModel> Generator { get; } =
        from families in Gen.ArrayOf(FamilyGenerator())
        select new RegistryModel(families);

    public MetricRegistry Build()
    {
        var registry = new MetricRegistry();
        for (var i = 0; i < Families.Count; i++)
        {
            var family = Families[i];
            Fill(registry, family, family.Name(i));
        }
        return registry;
    }

    /// <summary>Families in order, each with its samples as (name, labels with le, value).</summary>
    public IEnumerable<(string Family, string Sample)> Expected()
    {
        for (var i = 0; i < Families.Count; i++)
        {
            var family = Families[i];
            foreach (var series in family.Series.DistinctBy(Key))
            {
                foreach (
                    var sample in Samples(
                        family,
                        family.Name(i),
                        family.Series.Where(s => Key(s) == Key(series)).ToList()
                    )
                )
                {
                    yield return (family.Stem(i), sample);
                }
            }
        }
    }

    public static string Show(string name, IEnumerable<string> labels, string? le, double value) =>
        $"{name}|{string.Join("|", labels)}|{le}|{value.ToString("R", CultureInfo.InvariantCulture)}";

    // What reaches a scraper: text that is no UTF-8 and NUL are replaced.
    private static string Clean(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    private static string Key(Series series) =>
        string.Join("|", series.Labels.Select(l => $"{Clean(l).Length}:{Clean(l)}"));

    // Several entries with equal labels are one series: gauges keep the last value, counters and histograms add up.
    private static IEnumerable<string> Samples(Family family, string name, List<Series> same)
    {
        var labels = same[0].Labels.Select(Clean).ToList();
        switch (family.Type)
        {
            case MetricType.Gauge:
                return same[^1].Present ? [Show(name, labels, null, same[^1].Value)] : [];
            case MetricType.Counter:
                return [Show(name, labels, null, same.Aggregate(0.0, (sum, s) => sum + Amount(s)))];
            case MetricType.Info:
                return [Show(name, labels, null, 1)];
            case MetricType.Histogram:
                var observed = same.SelectMany(s => s.Increments.Select(n => (double)n)).ToList();
                var counts = family
                    .Bounds.Append(double.PositiveInfinity)
                    .Select(b => (double)observed.Count(o => o <= b));
                return Histogram(
                    family,
                    name,
                    labels,
                    [.. counts],
                    "_count",
                    observed.Aggregate(0.0, (sum, o) => sum + o),
                    "_sum"
                );
            default:
                var last = same[^1];
                double[] cumulative = [.. Cumulative(family, last).Select(c => (double)c)];
                return last.Present ? Histogram(family, name, labels, cumulative, "_gcount", last.Sum, "_gsum") : [];
        }
    }

    private static IEnumerable<string> Histogram(
        Family family,
        string name,
        List<string> labels,
        double[] counts,
        string count,
        double sum,
        string sumSuffix
    )
    {
        for (var i = 0; i < counts.Length; i++)
        {
            var bound = i < family.Bounds.Length ? family.Bounds[i] : double.PositiveInfinity;
            yield return Show(name + "_bucket", labels, bound.ToString("R", CultureInfo.InvariantCulture), counts[i]);
        }
        yield return Show(name + count, labels, null, counts[^1]);
        yield return Show(name + sumSuffix, labels, null, sum);
    }

    private static void Fill(MetricRegistry registry, Family family, string name)
    {
        switch (family.Type)
        {
            case MetricType.Gauge:
                var gauges = registry.AddGauge(name, family.Help, family.LabelNames, family.Unit);
                Each(family, s => gauges.WithLabels(s.Labels).Set(s.Present ? s.Value : null));
                break;
            case MetricType.Counter:
                var counters = registry.AddCounter(name, family.Help, family.LabelNames, family.Unit);
                Each(family, s => counters.WithLabels(s.Labels).Increment(Amount(s)));
                break;
            case MetricType.Info:
                var infos = registry.AddInfo(name, family.Help, family.LabelNames);
                Each(family, s => infos.WithLabels(s.Labels));
                break;
            case MetricType.Histogram:
                var histograms = registry.AddHistogram(
                    name,
                    family.Help,
                    family.Bounds,
                    family.LabelNames,
                    family.Unit
                );
                Each(family, s => Array.ForEach(s.Increments, n => histograms.WithLabels(s.Labels).Observe(n)));
                break;
            default:
                var gaugeHistograms = registry.AddGaugeHistogram(
                    name,
                    family.Help,
                    family.Bounds,
                    family.LabelNames,
                    family.Unit
                );
                Each(family, s =>
                {
                    var series = gaugeHistograms.WithLabels(s.Labels);
                    series.Clear();
                    if (s.Present)
                    {
                        series.Set(Cumulative(family, s), s.Sum);
                    }
                });
                break;
        }
    }

    private static void Each(Family family, Action<Series> action)
    {
        foreach (var series in family.Series)
        {
            action(series);
        }
    }

    private static double Amount(Series series) =>
        double.IsFinite(series.Value) ? Math.Min(Math.Abs(series.Value), 1e300) : 1;

    private static long[] Cumulative(Family family, Series series)
    {
        var counts = new long[family.Bounds.Length + 1];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (i > 0 ? counts[i - 1] : 0) + series.Increments[i];
        }
        return counts;
    }

    private static Gen<Family> FamilyGenerator() =>
        from type in Gen.Elements(Enum.GetValues<MetricType>())
        from help in Generators.Text
        from unit in Gen.Elements(null, "seconds", "bytes", "ratio")
        from labels in Gen.Choose(0, 3)
        from bounds in Gen.ArrayOf(Generators.Double.Where(double.IsFinite))
        from series in Gen.ArrayOf(SeriesGenerator(labels))
        let histogram = type is MetricType.Histogram or MetricType.GaugeHistogram
        let ordered = bounds
            .Select(b =>
                type == MetricType.Histogram ? Math.Abs(b)
                : b == 0 ? 0
                : b
            )
            .Append(1)
            .Distinct()
            .Order()
            .Take(8)
            .ToArray()
        // The help is ours: no odd text stands there.
        let plainHelp = "Help " + string.Concat(help.Where(c => c != '\0' && !char.IsSurrogate(c)))
        let familyUnit = type == MetricType.Info ? null : unit
        select new Family(
            type,
            plainHelp,
            familyUnit,
            labels,
            histogram ? ordered : [],
            Unlabelled(type, labels, series)
        );

    // A counter or histogram without labels exists from its registration on, as if it had been named once.
    private static Series[] Unlabelled(MetricType type, int labels, Series[] series) =>
        labels == 0 && type == MetricType.Counter ? [new Series([], 0, new long[9], 0, true), .. series]
        : labels == 0 && type == MetricType.Histogram ? [.. series, new Series([], 0, new long[9], 0, true)]
        : series;

    private static Gen<Series> SeriesGenerator(int labels) =>
        from values in Gen.ArrayOf(Generators.Text, labels)
        from value in Generators.Double
        from increments in Gen.ArrayOf(Gen.Choose(0, 1_000_000).Select(n => (long)n), 9)
        from sum in Generators.Double.Where(double.IsFinite)
        from present in Gen.Elements(true, true, true, false)
        select new Series(values, value, increments, sum, present);
}
