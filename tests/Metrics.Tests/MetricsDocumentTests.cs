using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Runtime;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>docs/metrics.md lists what is served. CURVATURE_WRITE_DOCS=1 writes it anew.</summary>
public sealed class MetricsDocumentTests
{
    [Fact]
    public void The_document_lists_exactly_the_families_of_the_registry()
    {
        string path = Path.Combine(Root(), "docs", "metrics.md");
        string document = File.ReadAllText(path);
        var metrics = new CurvatureMetrics();
        using var bridge = new MeterBridge(metrics.Registry);
        string expected = MetricsDocument.Update(document, metrics.Descriptors);
        if (Environment.GetEnvironmentVariable("CURVATURE_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        Assert.True(
            expected == document,
            "docs/metrics.md is stale: run CURVATURE_WRITE_DOCS=1 dotnet test tests/Metrics.Tests --filter "
                + "MetricsDocument"
        );
    }

    [Fact]
    public void A_document_without_a_place_for_the_table_is_refused() =>
        Assert.Throws<ArgumentException>(() => MetricsDocument.Update("# Metrics", []));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CurvatureMonitor.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the repository's root is not above the tests");
    }
}
