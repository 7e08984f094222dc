using System.Text;
using System.Text.Json;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Expressions as Prometheus reads them.</summary>
public sealed class ExpressionSyntaxTests
{
    [Fact]
    public void Queries_hold_no_variable_of_Grafana() =>
        Assert.All(ListedExpressions.List.Entries, entry => Assert.DoesNotContain('$', entry.Query));

    [Fact]
    public async Task Promtool_parses_every_expression()
    {
        var text = new StringBuilder("groups:\n  - name: expressions\n    rules:\n");
        var number = 0;
        foreach (var entry in ListedExpressions.List.Entries)
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
            Assert.Contains($"{ListedExpressions.List.Entries.Count} rules found", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
