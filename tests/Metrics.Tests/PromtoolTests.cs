using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_accepts_the_whole_catalogue_in_text_form_without_a_remark()
    {
        var (exitCode, remarks) = await CheckAsync(Scenario.Full().Registry.Bytes(ExpositionFormat.Text));
        Assert.Equal("", remarks);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Promtool_accepts_a_host_that_has_no_run_yet()
    {
        var (exitCode, remarks) = await CheckAsync(new CurvatureMetrics().Registry.Bytes(ExpositionFormat.Text));
        Assert.Equal("", remarks);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Promtool_does_read_what_it_is_given()
    {
        var (exitCode, remarks) = await CheckAsync("# TYPE a counter\na 1\n"u8.ToArray());
        Assert.Contains("counter metrics should have \"_total\" suffix", remarks, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    private static async Task<(int ExitCode, string Remarks)> CheckAsync(byte[] text)
    {
        using var promtool = ExternalTool.Start("promtool", "check", "metrics");
        var output = promtool.StandardOutput.ReadToEndAsync();
        var error = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.BaseStream.WriteAsync(text);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, await output + await error);
    }
}
