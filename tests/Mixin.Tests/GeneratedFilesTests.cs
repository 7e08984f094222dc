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
}
