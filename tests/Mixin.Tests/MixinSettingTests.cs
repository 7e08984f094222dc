using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Settings of the mixin.</summary>
public sealed class MixinSettingTests
{
    [Fact]
    public void A_threshold_that_changes_changes_rules_and_dashboards()
    {
        var text = Repository.Read(Output.MixinFiles.ConfigurationPath);
        Assert.Contains("\"ratio\": 1.2 }", text, StringComparison.Ordinal);
        Assert.Contains("\"unstable\": 1.2", text, StringComparison.Ordinal);
        var changed = Output.MixinFiles.Generate(
            MixinConfiguration.Parse(
                text.Replace("\"ratio\": 1.2 }", "\"ratio\": 1.35 }", StringComparison.Ordinal)
                    .Replace("\"unstable\": 1.2", "\"unstable\": 1.35", StringComparison.Ordinal)
            )
        );
        Assert.Contains(
            "curvature_stability_ratio_low{job=\"curvature\"} > 1.35",
            changed["grafana/alerts.yml"],
            StringComparison.Ordinal
        );
        Assert.Contains("1.35", changed["grafana/dashboards/curvature-run.json"], StringComparison.Ordinal);
        Assert.Contains("1.35", changed["grafana/dashboards/curvature-fleet.json"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_selector_that_is_empty_leaves_plain_names()
    {
        var configuration = MixinConfiguration.Parse(
            Repository
                .Read(Output.MixinFiles.ConfigurationPath)
                .Replace("job=\\\"curvature\\\"", "", StringComparison.Ordinal)
        );
        Assert.Equal("up", configuration.Metric("up"));
        Assert.Equal("up{run=\"a\"}", configuration.Metric("up", "run=\"a\""));
    }

    [Fact]
    public void A_setting_that_is_missing_is_named()
    {
        var error = Assert.Throws<MixinException>(() =>
            Output.MixinFiles.Generate(
                MixinConfiguration.Parse(
                    Repository
                        .Read(Output.MixinFiles.ConfigurationPath)
                        .Replace("\"floor\": 0.5, ", "", StringComparison.Ordinal)
                )
            )
        );
        Assert.Contains("'floor' is missing from alerts.CurvatureSurge", error.Message, StringComparison.Ordinal);
    }
}
