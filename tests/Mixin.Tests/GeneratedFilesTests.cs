using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed class GeneratedFilesTests
{
    public static TheoryData<string> Paths => [.. Repository.Generated.Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_is_committed_is_what_the_configuration_gives(string path) =>
        Assert.True(
            File.Exists(Repository.PathOf(path)) && Repository.Read(path) == Repository.Generated[path],
            $"{path} is stale. Run: dotnet run --project tools/Mixin"
        );

    [Fact]
    public void No_dashboard_is_there_that_is_not_generated() =>
        Assert.Equal(
            Repository
                .Generated.Keys.Where(path => path.StartsWith("grafana/dashboards/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            Repository.Files("grafana/dashboards", "*").Select(file => Path.GetRelativePath(Repository.Root, file))
        );

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
