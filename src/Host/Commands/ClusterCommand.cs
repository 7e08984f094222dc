using System.CommandLine;
using System.Text.Json;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Terminal;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature cluster status</c>: who is there, what waits, what was given up.</summary>
internal static class ClusterCommand
{
    internal static Command Create()
    {
        var broker = new BrokerArguments(isRequired: true);
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var wait = new Option<double>("--wait")
        {
            Description = "Seconds that workers and hosts have to answer.",
            DefaultValueFactory = _ => 1.5,
        };
        var status = new Command("status", "Workers, hosts, queues and dead letters of a cluster.");
        foreach (var option in broker.Options.Append(wait).Append(json))
        {
            status.Options.Add(option);
        }

        status.SetAction(
            async (arguments, cancellation) =>
            {
                var address = broker.Address(arguments)!;
                double seconds = arguments.GetValue(wait);
                if (seconds is not (>= 0 and <= 600))
                {
                    throw new UserErrorException($"--wait {seconds}: give a number from 0 to 600");
                }

                var report = await ClusterInspection
                    .RunAsync(address, TimeSpan.FromSeconds(seconds), cancellation)
                    .ConfigureAwait(false);
                if (arguments.GetValue(json))
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
        );
        return new Command("cluster", "Look at a cluster of curvature workers.") { status };
    }
}
