using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>An analysis that an operation of the model rules out leaves the others standing.</summary>
public sealed class RefusedAnalysesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RefusedAnalysesTests() => TinyBundle.Write(_folder["tiny"], TinyBundle.NoSecondDerivative, 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_ruled_out_is_told_in_its_place()
    {
        using var process = HostProcess.Start(
            "analyze",
            _folder["tiny"],
            "--analyses",
            "sharpness,trace,variance",
            "--operators",
            "hessian",
            "--dtype",
            "float64",
            "--json"
        );
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        using var document = JsonDocument.Parse(process.Output);
        var hessian = document.RootElement.GetProperty("operators").GetProperty("hessian");
        Assert.Contains(
            "grid_sampler",
            hessian.GetProperty("refused").GetProperty("variance").GetString(),
            StringComparison.Ordinal
        );
        Assert.True(double.IsFinite(hessian.GetProperty("lambda_max").GetDouble()));
        Assert.True(double.IsFinite(hessian.GetProperty("trace").GetDouble()));
        Assert.Contains("no variance", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_left_the_command_fails()
    {
        using var process = HostProcess.Start(
            "analyze",
            _folder["tiny"],
            "--analyses",
            "variance",
            "--operators",
            "hessian",
            "--json"
        );
        Assert.NotEqual(0, await process.ExitCodeAsync());
        Assert.Empty(process.Output);
        Assert.Contains("grid_sampler", process.Errors, StringComparison.Ordinal);
    }
}
