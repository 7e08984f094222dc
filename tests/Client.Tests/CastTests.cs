using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// Models whose forward computes in bfloat16 or float16, from the client to the document: without the rounding numbers
/// are exact; with it their error bars hold the exact ones.
/// </summary>
public sealed class CastTests(CastBundles bundles) : IClassFixture<CastBundles>
{
    private static readonly string[] Kinds = ["autocast", "traced", "by-hand", "images", "attention", "narrow"];

    public static TheoryData<string> Models => [.. Kinds];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Done_without_they_leave_the_numbers_exact(string kind)
    {
        string name = $"{kind}-off-0";
        JsonElement document = await AnalyzeAsync(name, "float64");
        Assert.Equal(Provenance(kind, "off"), Autocast(document));
        JsonElement expected = bundles.Expected(name);
        Assert.Equal(Number(expected, "loss"), Number(document, "loss"), 1e-6);
        foreach (var (quantity, found, error, exact) in Numbers(document, expected))
        {
            // Checkpoints are float32, as the reference's weights were before they were widened.
            double tolerance = error + (1e-6 * Math.Max(1, Math.Abs(exact)));
            Assert.True(Math.Abs(found - exact) <= tolerance, $"{name}: {quantity}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Kept_they_are_covered_by_every_error_bar(string kind)
    {
        foreach (int seed in new[] { 1, 2 })
        {
            string name = $"{kind}-keep-{seed}";
            JsonElement document = await AnalyzeAsync(name, seed == 1 ? "float32" : "float64");
            Assert.Equal(Provenance(kind, "keep"), Autocast(document));
            double farthest = 0;
            foreach (var (quantity, found, error, exact) in Numbers(document, bundles.Expected(name)))
            {
                Assert.True(Math.Abs(found - exact) <= error, $"{name}: {quantity} {found} ± {error}, right {exact}");
                Assert.True(error < 0.5 * Math.Max(1, Math.Abs(exact)), $"{name}: {quantity} ± {error} says nothing");
                farthest = Math.Max(farthest, Math.Abs(found - exact));
            }

            // They were made: float32 alone is nearer.
            Assert.True(farthest > 1e-5, $"{name}: nothing is rounded");
        }
    }

    [Fact]
    public async Task The_command_may_ask_for_the_other()
    {
        JsonElement document = await AnalyzeAsync("by-hand-off-0", "float64", "--autocast", "keep");
        Assert.Equal("keep (float16)", Autocast(document));
        document = await AnalyzeAsync("by-hand-keep-1", "float64", "--autocast", "off");
        Assert.Equal("off (float16)", Autocast(document));
        foreach (var (quantity, found, _, exact) in Numbers(document, bundles.Expected("by-hand-keep-1")))
        {
            Assert.True(Math.Abs(found - exact) <= 1e-6 * Math.Max(1, Math.Abs(exact)), quantity);
        }
    }

    private static string? Autocast(JsonElement document) =>
        document.GetProperty("provenance").GetProperty("autocast").GetString();

    private static string Provenance(string kind, string mode) =>
        kind == "by-hand" ? $"{mode} (float16)" : $"{mode} (bfloat16)";

    private static IEnumerable<(string Quantity, double Found, double Error, double Exact)> Numbers(
        JsonElement document,
        JsonElement expected
    )
    {
        foreach (string name in new[] { "hessian", "ggn" })
        {
            JsonElement found = document.GetProperty("operators").GetProperty(name);
            double[] exact = [.. expected.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
            yield return One("lambda_min", "lambda_min_residual", exact[0]);
            yield return One("lambda_max", "lambda_max_residual", exact[1]);
            yield return One("trace", "trace_stderr", exact[2]);
            yield return One("frobenius", "frobenius_stderr", exact[3]);

            // The block of all parameters is the whole.
            found = found.GetProperty("modules").GetProperty("*");
            yield return One("lambda_max", "lambda_max_residual", exact[1]);
            yield return One("trace", "trace_stderr", exact[2]);

            (string, double, double, double) One(string quantity, string bar, double value) =>
                ($"{name} {quantity}", Number(found, quantity), Number(found, bar), value);
        }
    }

    private static double Number(JsonElement reading, string name) => reading.GetProperty(name).GetDouble();

    private async Task<JsonElement> AnalyzeAsync(string name, string type, params string[] more)
    {
        using HostProcess analysis = HostProcess.Start([
            "analyze",
            Path.Combine(bundles.Folder, name),
            "--json",
            "--dtype",
            type,
            "--operators",
            "hessian,ggn",
            "--analyses",
            "sharpness,trace,modules",
            "--modules",
            "*",
            .. more,
        ]);
        int code = await analysis.ExitCodeAsync();
        Assert.True(code == 0, analysis.Errors);
        return JsonDocument.Parse(analysis.Output).RootElement.Clone();
    }
}
