using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// Runs <c>curvature analyze --json</c> and reads what it prints. Numbers are the same in a process of their own, which
/// other tests look at.
/// </summary>
internal static class Analyses
{
    internal static async Task<JsonElement> OfAsync(string folder, params string[] arguments) =>
        (await WithNotesAsync(folder, arguments)).Document;

    internal static async Task<(JsonElement Document, string Notes)> WithNotesAsync(
        string folder,
        params string[] arguments
    )
    {
        using var process = HostProcess.Start([
            "analyze",
            folder,
            "--json",
            "--threads",
            "1",
            "--in-process",
            .. arguments,
        ]);
        int code = await process.ExitCodeAsync();
        Assert.True(code == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {code}: {process.Errors}"));
        return (JsonDocument.Parse(process.Output).RootElement, process.Errors);
    }

    internal static JsonElement Operator(this JsonElement document, string name) =>
        document.GetProperty("operators").GetProperty(name);

    internal static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    internal static double[] Numbers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    internal static string[] Members(this JsonElement element) =>
        [.. element.EnumerateObject().Select(member => member.Name)];
}
