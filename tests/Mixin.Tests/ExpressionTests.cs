using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed class ExpressionTests
{
    [Fact]
    public void Every_metric_that_is_named_is_served_recorded_listed_as_conditional_or_made_by_Prometheus()
    {
        var recorded = new RecordingRules(Repository.Configuration)
            .All()
            .Select(rule => rule.Name)
            .ToHashSet(StringComparer.Ordinal);
        var unknown = ListedExpressions
            .List.Entries.SelectMany(entry => MetricNames.In(entry.Expr).Select(name => (entry.Name, Metric: name)))
            .Where(use =>
                !ListedExpressions.Served.Contains(use.Metric)
                && !recorded.Contains(use.Metric)
                && !Repository.Configuration.PrometheusNames.Contains(use.Metric)
                && !MetricNames.Families(use.Metric).Any(Repository.Configuration.ConditionalFamilies.ContainsKey)
            );
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_recorded_series_is_used()
    {
        var used = ListedExpressions
            .List.Entries.Where(entry => entry.Kind != "record")
            .SelectMany(entry => MetricNames.In(entry.Expr))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(new RecordingRules(Repository.Configuration).All(), rule => Assert.Contains(rule.Name, used));
    }
}
