using System.Text.RegularExpressions;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Mixin.Output;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Labels of series.</summary>
public sealed partial class ExpressionLabelTests
{
    [Fact]
    public void Every_label_in_the_name_of_a_series_is_one_that_its_family_has_or_that_is_summed_by()
    {
        // For what no demo shows, such as workers and queues; recorded series are looked at where they are recorded.
        var labels = new CurvatureMetrics()
            .Descriptors.SelectMany(descriptor =>
                ListedExpressions.SampleNames(descriptor).Select(name => (name, descriptor.Labels))
            )
            .ToDictionary(pair => pair.name, pair => pair.Labels, StringComparer.Ordinal);
        foreach (
            var entry in ListedExpressions.List.Entries.Where(entry =>
                entry.Legend is not null && MetricNames.In(entry.Expr).All(labels.ContainsKey)
            )
        )
        {
            string[] summed =
            [
                .. SummedBy()
                    .Matches(entry.Expr)
                    .SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)),
            ];
            HashSet<string> there =
                summed.Length > 0
                    ? [.. summed]
                    : [.. MetricNames.In(entry.Expr).SelectMany(name => labels[name]), "job", "instance"];
            Assert.All(Label().Matches(entry.Legend!).Select(match => match.Groups[1].Value), label =>
                Assert.True(there.Contains(label), $"{entry.Name}: {label}")
            );
        }
    }

    [GeneratedRegex(@"(?:sum|max|count) by \(([^)]*)\)")]
    private static partial Regex SummedBy();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Label();
}
