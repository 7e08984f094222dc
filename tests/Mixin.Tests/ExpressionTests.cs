using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed partial class ExpressionTests
{
    private static readonly ExpressionList List = new(
        Repository.Configuration,
        new RecordingRules(Repository.Configuration).All(),
        AlertRules.All(Repository.Configuration),
        MixinFiles.Dashboards(Repository.Configuration)
    );

    private static readonly HashSet<string> Served = [.. new CurvatureMetrics().Descriptors.SelectMany(SampleNames)];

    [Theory]
    [InlineData(
        "sum by (run, le) (rate(a_total{run=\"x{y}\",reason=~\"b|c\"}[5m])) / on (job) group_left (role) b > 1e3",
        "a_total b"
    )]
    [InlineData(
        "histogram_quantile(0.95, c_bucket) unless d offset 1h == Inf or time() - run:e:max",
        "c_bucket d run:e:max"
    )]
    [InlineData("a != a or a == -Inf", "a")]
    public void Names_of_metrics_are_found_in_expressions(string expression, string names) =>
        Assert.Equal(names.Split(' '), MetricNames.In(expression));

    [Fact]
    public void Every_metric_that_is_named_is_served_recorded_listed_as_conditional_or_made_by_Prometheus()
    {
        var recorded = new RecordingRules(Repository.Configuration)
            .All()
            .Select(rule => rule.Name)
            .ToHashSet(StringComparer.Ordinal);
        var unknown = List
            .Entries.SelectMany(entry => MetricNames.In(entry.Expr).Select(name => (entry.Name, Metric: name)))
            .Where(use =>
                !Served.Contains(use.Metric)
                && !recorded.Contains(use.Metric)
                && !Repository.Configuration.PrometheusNames.Contains(use.Metric)
                && !MetricNames.Families(use.Metric).Any(Repository.Configuration.ConditionalFamilies.ContainsKey)
            );
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_recorded_series_is_used()
    {
        var used = List
            .Entries.Where(entry => entry.Kind != "record")
            .SelectMany(entry => MetricNames.In(entry.Expr))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(new RecordingRules(Repository.Configuration).All(), rule => Assert.Contains(rule.Name, used));
    }

    [Fact]
    public void Every_condition_is_explained_and_something_depends_on_it()
    {
        var used = List
            .Entries.SelectMany(entry => entry.Conditional)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        Assert.Equal(Repository.Configuration.Conditions.Keys.Order(StringComparer.Ordinal), used);
        Assert.All(Repository.Configuration.ConditionalFamilies.Values, key =>
            Assert.Contains(key, Repository.Configuration.Conditions)
        );
        Assert.All([.. Repository.Configuration.DemoHolds, .. Repository.Configuration.DemoPassing], key =>
            Assert.Contains(key, Repository.Configuration.Conditions)
        );
        Assert.Empty(Repository.Configuration.DemoHolds.Intersect(Repository.Configuration.DemoPassing));
    }

    [Fact]
    public void Every_conditional_family_is_one_that_is_asked_for()
    {
        var asked = List
            .Entries.SelectMany(entry => MetricNames.In(entry.Expr))
            .SelectMany(MetricNames.Families)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Repository.Configuration.ConditionalFamilies.Keys.Except(asked));
    }

    [Theory]
    [InlineData(
        "a{x=\"1\"} > 0.5 and on (run) b offset 1h == 1",
        "a{x=\"1\"} > -Inf and on (run) b > -Inf",
        "a{x=\"1\"} b"
    )]
    [InlineData(
        "(sum by (run) (a) == 0) or b != b or b == -Inf",
        "(sum by (run) (a) > -Inf) or b != b or b > -Inf",
        "a b"
    )]
    public void An_alert_is_opened_and_its_series_are_found(string expression, string open, string selectors)
    {
        Assert.Equal(open, ExpressionList.Open(expression));
        Assert.Equal(selectors.Split(' '), MetricNames.SelectorsIn(expression));
    }

    [Fact]
    public void Alerts_are_conditional_and_what_they_look_at_is_listed_by_itself()
    {
        Assert.All(List.Entries.Where(entry => entry.Kind == "alert"), entry =>
            Assert.Contains("alert", entry.Conditional)
        );
        var input = Assert.Single(List.Entries, entry =>
            entry is { Kind: "alert-input", Name: "CurvatureInstabilityImminent" }
            && entry.Expr.StartsWith("curvature_stability_ratio_low", StringComparison.Ordinal)
        );
        Assert.Empty(input.Conditional);
    }

    [Fact]
    public void Every_label_in_the_name_of_a_series_is_one_that_its_family_has_or_that_is_summed_by()
    {
        // For what no demo shows, such as workers and queues; recorded series are looked at where they are recorded.
        var labels = new CurvatureMetrics()
            .Descriptors.SelectMany(descriptor => SampleNames(descriptor).Select(name => (name, descriptor.Labels)))
            .ToDictionary(pair => pair.name, pair => pair.Labels, StringComparer.Ordinal);
        foreach (
            var entry in List.Entries.Where(entry =>
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

    [Fact]
    public void Queries_hold_no_variable_of_Grafana() =>
        Assert.All(List.Entries, entry => Assert.DoesNotContain('$', entry.Query));

    [Fact]
    public async Task Promtool_parses_every_expression()
    {
        var text = new StringBuilder("groups:\n  - name: expressions\n    rules:\n");
        var number = 0;
        foreach (var entry in List.Entries)
        {
            text.Append(
                $"      - record: expression_{number++}\n        expr: {JsonSerializer.Serialize(entry.Query)}\n"
            );
        }

        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text.ToString());
            var (exitCode, output) = await ExternalTool.RunAsync("promtool", "check", "rules", file);
            Assert.True(exitCode == 0, output);
            Assert.Contains($"{List.Entries.Count} rules found", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"(?:sum|max|count) by \(([^)]*)\)")]
    private static partial Regex SummedBy();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Label();

    private static IEnumerable<string> SampleNames(MetricDescriptor descriptor) =>
        descriptor.Type switch
        {
            MetricType.Histogram => [$"{descriptor.Name}_bucket", $"{descriptor.Name}_count", $"{descriptor.Name}_sum"],
            MetricType.GaugeHistogram =>
            [
                $"{descriptor.Name}_bucket",
                $"{descriptor.Name}_gcount",
                $"{descriptor.Name}_gsum",
            ],
            _ => [descriptor.Name],
        };
}
