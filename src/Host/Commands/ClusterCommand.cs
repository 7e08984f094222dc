using System.CommandLine;
using System.Text.Json;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Host.Terminal;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature cluster</c>: who is there and what is open; and who may come in.</summary>
internal static class ClusterCommand
{
    internal static Command Create()
    {
        var status = new ConfiguredCommand(
            "status",
            "A host of a cluster, and its workers.",
            typeof(ClusterStatusOptions)
        );
        status.SetAction(ShowAsync);
        return new Command("cluster", "Look at a cluster of curvature workers, and make credentials for its members.")
        {
            status,
            ClusterCredentialsCommand.Init(),
            ClusterCredentialsCommand.Renew(),
        };
    }

    private static async Task<int> ShowAsync(BoundOptions options, CancellationToken cancellation)
    {
        var status = options.Get<ClusterStatusOptions>();
        var report = await ClusterInspection
            .RunAsync(HttpUrlAttribute.Parse(status.Url)!, cancellation)
            .ConfigureAwait(false);
        if (status.Json)
        {
            await Console
                .Out.WriteLineAsync(JsonSerializer.Serialize(report, ClusterJson.Default.ClusterReport))
                .ConfigureAwait(false);
        }
        else
        {
            ClusterView.Write(AnsiConsole.Console, report);
        }

        return ExitCodes.Done;
    }
}
