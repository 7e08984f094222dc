using CurvatureMonitor.Mixin.Output;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Names of metrics in expressions.</summary>
public sealed class ExpressionNameTests
{
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
}
