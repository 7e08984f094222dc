using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Output;

namespace CurvatureMonitor.EndToEnd.Tests;

/// <summary>
/// The whole way, from the training to the alert, and whether everything that rules, alerts and dashboards ask for is
/// there.
/// </summary>
public sealed partial class DemoRunTests(DemoRun demo) : IClassFixture<DemoRun>
{
    private IEnumerable<(ListedExpression Expression, Answer Answer)> Asked => DemoRun.Expressions.Zip(demo.Answers);

    [Fact]
    public void The_alert_goes_to_the_terminal_the_page_and_Alertmanager_and_is_over_after_the_run()
    {
        Assert.Equal(("firing", "critical", "demo"), (Text("state"), Text("severity"), Text("run")));
        Assert.StartsWith($"# {DemoRun.Alert}\n", demo.Runbook, StringComparison.Ordinal);
        Assert.Equal("demo", demo.Managed.GetProperty("labels").GetProperty("run").GetString());
        Assert.Equal(
            new Uri(demo.Monitor, $"runbooks/{DemoRun.Alert}").ToString(),
            demo.Managed.GetProperty("annotations").GetProperty("runbook_url").GetString()
        );
        Assert.Equal("active", demo.Managed.GetProperty("status").GetProperty("state").GetString());

        string? Text(string name) => demo.Fired.GetProperty(name).GetString();
    }

    [Fact]
    public void The_program_ends_in_order_and_its_servers_with_it()
    {
        Assert.Equal((0, ""), (demo.ExitCode, demo.Errors));
        Assert.True(demo.ServersEnded);
        Assert.Empty(demo.Complaints);
    }

    [Fact]
    public void Prometheus_understands_every_expression_and_evaluates_every_rule()
    {
        None(
            Asked
                .Where(asked => asked.Answer.Error is not null)
                .Select(asked => $"{Name(asked.Expression)}: {asked.Answer.Error}")
        );
        var rules = demo
            .Rules.EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .ToList();
        Assert.Equal(DemoRun.Expressions.Count(expression => expression.Kind is "record" or "alert"), rules.Count);
        Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
    }

    [Fact]
    public void Every_expression_has_data_that_depends_on_nothing_or_on_what_the_demo_measures() =>
        None(
            Asked
                .Where(asked => asked.Expression.Conditional.All(Holds) && asked.Answer.Times == 0)
                .Select(asked => Name(asked.Expression))
        );

    [Fact]
    public void What_is_listed_as_conditional_has_no_data_where_its_condition_does_not_hold() =>
        None(
            Asked
                .Where(asked =>
                    !asked.Expression.Conditional.All(condition => Holds(condition) || Passes(condition))
                    && asked.Answer.Times > 0
                )
                .Select(asked =>
                    $"{Name(asked.Expression)} is listed as conditional "
                    + $"({string.Join(", ", asked.Expression.Conditional)}), but has data"
                )
        );

    [Fact]
    public void What_is_listed_as_passing_is_not_always_there() =>
        None(
            Asked
                .Where(asked => asked.Expression.Conditional.Any(Passes) && asked.Answer.Times >= demo.Scrapes)
                .Select(asked => Name(asked.Expression))
        );

    [Fact]
    public void The_alert_of_the_demo_is_seen_by_its_rule_and_marked_on_the_dashboards()
    {
        Assert.Contains(Asked, asked =>
            asked.Expression is { Kind: "alert", Name: DemoRun.Alert } && asked.Answer.Times > 0
        );
        Assert.All(
            Asked.Where(asked => asked.Expression is { Kind: "annotation", Name: "Alerts" or "Critical alerts" }),
            asked => Assert.NotEqual(0, asked.Answer.Times)
        );
    }

    [Fact]
    public void Every_label_in_the_name_of_a_series_is_one_that_it_has() =>
        None(
            from asked in Asked
            where asked.Expression.Legend is not null
            from Match label in Label().Matches(asked.Expression.Legend!)
            from series in asked.Answer.Series
            where series.Labels.GetValueOrDefault(label.Groups[1].Value, "").Length == 0
            select $"{Name(asked.Expression)}: no {label.Value} in {string.Join(',', series.Labels)}"
        );

    [Fact]
    public void The_variables_of_the_dashboards_offer_what_there_is()
    {
        Assert.Equal(["demo"], demo.Variables["run"]);
        Assert.Equal(["ggn", "hessian"], demo.Variables["operator"]);
        Assert.NotEmpty(demo.Variables["layer"]);
    }

    // With every one of them in the message.
    private static void None(IEnumerable<string> found)
    {
        var list = found.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    private static bool Holds(string condition) => DemoRun.Configuration.DemoHolds.Contains(condition);

    private static bool Passes(string condition) => DemoRun.Configuration.DemoPassing.Contains(condition);

    private static string Name(ListedExpression expression) =>
        $"{expression.Source} {expression.Kind} '{expression.Name}' {expression.Query.ReplaceLineEndings(" ")}";

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Label();
}
