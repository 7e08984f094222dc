using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Which alerts hold which back, asked of a real Alertmanager with the committed configuration.</summary>
public sealed class InhibitionTests
{
    [Fact]
    public async Task Doubt_about_the_largest_eigenvalue_holds_every_sharpness_alert_of_the_run_back()
    {
        using var server = new AlertmanagerServer();
        var sharpness = All.Where(alert => alert.Labels.ContainsKey("about")).Select(alert => alert.Name).ToList();
        await server.PostAsync([
            .. sharpness.Select(name => Labels(name, "lenet")),
            Labels("CurvatureEstimateUnreliable", "lenet", ("estimate", "lambda_max")),
            Labels("CurvatureBatchTooLarge", "lenet"),
        ]);
        Assert.Equal(sharpness.Order(StringComparer.Ordinal), await server.InhibitedAsync(sharpness.Count + 2));
    }

    [Fact]
    public async Task Doubt_about_a_trace_or_about_another_run_holds_nothing_back()
    {
        using var server = new AlertmanagerServer();
        await server.PostAsync(
            Labels("CurvatureInstabilityImminent", "lenet"),
            Labels("CurvatureEstimateUnreliable", "lenet", ("estimate", "trace"))
        );
        Assert.Empty(await server.InhibitedAsync(2));
        using var other = new AlertmanagerServer();
        await other.PostAsync(
            Labels("CurvatureInstabilityImminent", "lenet"),
            Labels("CurvatureEstimateUnreliable", "vgg", ("estimate", "lambda_max"))
        );
        Assert.Empty(await other.InhibitedAsync(2));
    }

    [Fact]
    public async Task A_critical_finding_about_the_sharpness_holds_the_lesser_ones_back()
    {
        using var server = new AlertmanagerServer();
        await server.PostAsync(
            Labels("CurvatureInstabilityImminent", "lenet"),
            Labels("CurvatureDivergenceBand", "lenet"),
            Labels("CurvatureSurge", "lenet"),
            Labels("CurvatureNonFinite", "lenet")
        );
        Assert.Equal(["CurvatureSurge"], await server.InhibitedAsync(4));
    }

    private static IReadOnlyList<AlertRule> All { get; } =
    [.. AlertRules.All(Repository.Configuration).SelectMany(group => group.Alerts)];

    // The labels that the alert has when it comes from Prometheus, as far as routing looks at them.
    private static Dictionary<string, string> Labels(
        string name,
        string run,
        params (string Name, string Value)[] further
    )
    {
        var labels = new Dictionary<string, string>(All.First(alert => alert.Name == name).Labels)
        {
            ["alertname"] = name,
            ["run"] = run,
            ["severity"] = Repository.Configuration.Alert(name)["severity"],
        };
        foreach (var (label, value) in further)
        {
            labels[label] = value;
        }

        return labels;
    }
}
