using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>
/// The series of one run, by family. They are made when they are first set: most runs measure few of them.
/// </summary>
internal sealed class RunSeries(SeriesGroup group, CurvatureFamilies families, RunDescription description)
{
    private readonly Dictionary<(MetricFamily<Gauge> Family, string Operator), int> _ranks = [];
    private readonly Dictionary<(MetricFamily<Gauge> Family, string Operator), IReadOnlyList<string>> _names = [];

    /// <summary>The catalogue.</summary>
    public CurvatureFamilies Families => families;

    /// <summary>The run.</summary>
    public RunDescription Description => description;

    /// <summary>Whether the run is measured by an analysis.</summary>
    public bool Has(AnalysisKind analysis) => description.Analyses.Contains(analysis);

    /// <summary>The series of the run with these values of the labels after <c>run</c>.</summary>
    public TSeries Add<TSeries>(MetricFamily<TSeries> family, params ReadOnlySpan<string> labels)
        where TSeries : MetricSeries => group.Add(family, [description.Run, .. labels]);

    /// <summary>Sets a gauge; null takes its sample away.</summary>
    public void Set(MetricFamily<Gauge> family, double? value, params ReadOnlySpan<string> labels) =>
        Add(family, labels).Set(value);

    /// <summary>Sets the gauges of a number and of its error bar; null takes both samples away.</summary>
    public void Set(
        MetricFamily<Gauge> family,
        MetricFamily<Gauge> errors,
        Estimate? estimate,
        params ReadOnlySpan<string> labels
    )
    {
        Set(family, estimate?.Value, labels);
        Set(errors, estimate?.Error, labels);
    }

    /// <summary>Notes which names a family has from now on, and tells which of those before are none of them.</summary>
    public IReadOnlyList<string> Replace(
        MetricFamily<Gauge> family,
        string operatorName,
        IReadOnlyList<string> names
    )
    {
        var before = _names.GetValueOrDefault((family, operatorName), []);
        _names[(family, operatorName)] = names;
        return [.. before.Except(names, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Sets a gauge a rank, from 1 to <see cref="SeriesLimits.Ranks"/> at most; those shown before of higher rank have
    /// no sample then.
    /// </summary>
    public void SetRanks(MetricFamily<Gauge> family, IReadOnlyList<double> values, string operatorName)
    {
        int shown = Math.Min(
            SeriesLimits.Ranks,
            Math.Max(values.Count, _ranks.GetValueOrDefault((family, operatorName)))
        );
        _ranks[(family, operatorName)] = shown;
        for (var rank = 0; rank < shown; rank++)
        {
            double? value = rank < values.Count ? values[rank] : null;
            Set(family, value, operatorName, (rank + 1).ToString(CultureInfo.InvariantCulture));
        }
    }
}
