using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Configuration;

/// <summary>
/// The sources of settings as a person uses them. Which one holds is seen by which one is complained of.
/// </summary>
public sealed class ConfigurationCommandTests : IDisposable
{
    private const string Port = "CURVATURE__SERVER__PORT";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("curvature.json: server.port (--port) 70001: give a whole number from 0 to 65535", null)]
    [InlineData("CURVATURE__SERVER__PORT (--port) 70002: give a whole number from 0 to 65535", "70002")]
    [InlineData("--port 70003: give a whole number from 0 to 65535", "70002", "--port", "70003")]
    public async Task The_command_line_goes_before_the_environment_before_the_file(
        string expected,
        string? variable,
        params string[] arguments
    )
    {
        File.WriteAllText(_folder["curvature.json"], """{"server":{"port":70001}}""");
        await AssertRefusedAsync(
            expected,
            variable is null ? [] : new() { [Port] = variable },
            ["train", .. arguments]
        );
    }

    [Fact]
    public Task A_variable_that_there_is_not_is_refused() =>
        AssertRefusedAsync(
            "CURVATURE__SERVER__PROT: there is no such option; did you mean CURVATURE__SERVER__PORT (--port)?",
            new() { ["CURVATURE__SERVER__PROT"] = "1" },
            "plot",
            "nothing.json"
        );

    [Fact]
    public Task A_variable_may_have_underscores_between_words() =>
        AssertRefusedAsync(
            "CURVATURE__MEASURING__LANCZOS_STEPS (--lanczos-steps) 0: give a whole number of at least 1",
            new() { ["CURVATURE__MEASURING__LANCZOS_STEPS"] = "0" },
            "train"
        );

    [Fact]
    public async Task Another_file_can_be_named()
    {
        File.WriteAllText(_folder["curvature.json"], """{"server":{"port":70001}}""");
        File.WriteAllText(_folder["other.json"], """{"training":{"model":"resnet"}}""");
        await AssertRefusedAsync("there is no built-in model 'resnet'", [], "train", "--config", "other.json");
    }

    [Theory]
    [InlineData(
        "--steps is called --lanczos-steps now",
        "--steps 0: give a whole number of at least 1",
        "analyze",
        "nothing",
        "--steps",
        "0"
    )]
    [InlineData("--data-dir is called --dataset-dir now", "/no/such/folder", "train", "--data-dir", "/no/such/folder")]
    [InlineData("--grace is called --metrics-grace now", "--grace -1: give a number from 0", "serve", "--grace", "-1")]
    [InlineData("--out is called --out-dir now", "nothing.json: no such file", "plot", "nothing.json", "--out", ".")]
    public async Task A_former_spelling_holds_and_says_the_new_one(
        string notice,
        string error,
        params string[] arguments
    )
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(2, await process.ExitCodeAsync());
        string[] lines = process.Errors.Trim().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal($"curvature: {notice}", lines[0]);
        Assert.Contains(error, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_has_descriptions_and_defaults_and_no_former_spelling()
    {
        using var process = HostProcess.Start("demo", "--help");
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Contains(
            "Port of the live page and of /metrics; 0 takes a free one.",
            process.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("[default: 9464]", process.Output, StringComparison.Ordinal);
        Assert.Contains("[default: surge:40,0.015625]", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--data-dir", process.Output, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(
        string expected,
        Dictionary<string, string> environment,
        params string[] arguments
    )
    {
        using var process = HostProcess.StartIn(_folder.Root, environment, arguments);
        Assert.Equal(2, await process.ExitCodeAsync());
        string line = Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.StartsWith("curvature: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }
}
