using CurvatureMonitor.Host.Tests.Analysis;

namespace CurvatureMonitor.Host.Tests.Commands;

/// <summary><c>cluster init</c>, <c>cluster renew</c> and <c>doctor --credentials</c>.</summary>
public sealed class ClusterCredentialsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_authority_and_its_members_are_made_renewed_and_looked_at()
    {
        string cluster = _folder["cluster"];
        string made = await RunAsync(0, "cluster", "init", cluster, "--host", "monitor.lan,10.0.0.5");
        Assert.Contains($"{cluster}/monitor.lan: new host, until ", made, StringComparison.Ordinal);
        Assert.Contains("for monitor.lan, 10.0.0.5, localhost", made, StringComparison.Ordinal);
        Assert.Contains($"{cluster}/worker: new worker, until ", made, StringComparison.Ordinal);
        Assert.Contains("Copy each new folder to its member", made, StringComparison.Ordinal);
        Assert.DoesNotContain("Copy each renewed", made, StringComparison.Ordinal);

        string again = await RunAsync(2, "cluster", "init", cluster);
        Assert.Contains("is there already, and nothing is overwritten", again, StringComparison.Ordinal);

        string renewed = await RunAsync(0, "cluster", "renew", cluster, "--worker", "gpu", "--valid-days", "3");
        Assert.Contains($"{cluster}/monitor.lan: renewed host, until ", renewed, StringComparison.Ordinal);
        Assert.Contains($"{cluster}/gpu: new worker, until ", renewed, StringComparison.Ordinal);
        Assert.Contains("Copy each renewed member.pem", renewed, StringComparison.Ordinal);

        Assert.Contains("Credentials", await RunAsync(0, "doctor", "--credentials", $"{cluster}/gpu"));
        string broken = await RunAsync(1, "doctor", "--credentials", $"{cluster}/authority");
        Assert.Contains("member.pem", broken, StringComparison.Ordinal);
    }

    // Everything that it says: one line on standard error where it is refused.
    private static async Task<string> RunAsync(int expected, params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(expected, await process.ExitCodeAsync());
        if (expected == 2)
        {
            string line = Assert.Single(process.Errors.Trim().Split('\n'));
            Assert.StartsWith("curvature: ", line, StringComparison.Ordinal);
        }

        return process.Output + process.Errors;
    }
}
