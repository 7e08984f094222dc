using System.Xml.Linq;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Pictures: files that programs open, with the marks that the numbers ask for.</summary>
public sealed class PlotTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly byte[] PngMagic = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("saved.json")]
    [InlineData("saved.npz")]
    public async Task A_saved_spectrum_becomes_svg_and_png(string file)
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1);
        await RunAsync(
            "analyze",
            _folder["tiny"],
            "--operators",
            "hessian",
            "--analyses",
            "spectrum",
            "--out",
            _folder[file]
        );
        string output = await RunAsync("plot", _folder[file]);
        Assert.Equal(
            [_folder["saved.spectrum.svg"], _folder["saved.spectrum.png"]],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal(PngMagic, File.ReadAllBytes(_folder["saved.spectrum.png"])[..8]);

        var picture = XDocument.Load(_folder["saved.spectrum.svg"]);
        Assert.Equal(Svg + "svg", picture.Root!.Name);
        foreach (
            string text in new[]
            {
                "hessian: stems, linear axis",
                "hessian: stems, symmetric-log axis",
                "hessian: density, linear axis",
                "hessian: density, symmetric-log axis",
            }
        )
        {
            Assert.Contains(picture.Descendants(Svg + "text"), element => element.Value == text);
        }
    }

    [Fact]
    public async Task Several_steps_become_eigenvalues_with_the_limit_and_variances_over_steps()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20, 300);
        await RunAsync("analyze", _folder["tiny"], "--checkpoint", "all", "--out", _folder["all.json"]);
        string output = await RunAsync("plot", _folder["all.json"], "--out-dir", _folder.Root);
        Assert.Equal(6, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var eigenvalues = XDocument.Load(_folder["all.eigenvalues.svg"]);
        Assert.Contains(eigenvalues.Descendants(Svg + "text"), element => element.Value == "stability limit");
        var limit = Assert.Single(eigenvalues.Descendants(Svg + "polyline"), line =>
            line.Attribute("stroke-dasharray")!.Value != "none"
        );
        Assert.Equal(3, limit.Attribute("points")!.Value.Split(' ').Length);
        var variance = XDocument.Load(_folder["all.variance.svg"]);
        foreach (string name in new[] { "gradient", "hessian", "ggn" })
        {
            Assert.Contains(variance.Descendants(Svg + "text"), element => element.Value == name);
        }
    }

    [Fact]
    public async Task The_history_of_a_run_is_drawn_too()
    {
        const string Point = """
            {"run":"a","step":STEP,"time":"2026-01-01T00:00:00Z","analysis":"spectrum","operator":"hessian",
             "lambda_max":VALUE,"stability":{"kind":"full","limit":20}}
            """;
        string points = string.Join(
            ',',
            Enumerable
                .Range(1, 4)
                .Select(i =>
                    Point
                        .Replace("STEP", $"{i}0", StringComparison.Ordinal)
                        .Replace("VALUE", $"{i}.5", StringComparison.Ordinal)
                )
        );
        File.WriteAllText(
            _folder["history.json"],
            $$"""{"run":{},"training":[],"measurements":[{{points}}],"events":[]}"""
        );
        await RunAsync("plot", _folder["history.json"]);
        Assert.Contains(
            "stability limit",
            File.ReadAllText(_folder["history.eigenvalues.svg"]),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_folder["history.spectrum.svg"]));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        int code = await process.ExitCodeAsync();
        Assert.True(code == 0, process.Errors);
        return process.Output;
    }
}
