using System.CommandLine;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature worker</c>: joins a cluster and does jobs of its hosts, one at a time, until it is stopped.
/// </summary>
internal static class WorkerCommand
{
    internal const string Name = "worker";

    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            Name,
            "Join a cluster as a curvature worker: take jobs of its hosts, and measure them.",
            typeof(ClusterOptions),
            typeof(WorkerCommandOptions),
            typeof(ComputeOptions),
            typeof(AccessOptions)
        );
        command.SetAction(
            (options, cancellation) =>
                options.Get<WorkerCommandOptions>().Supervise
                    ? SuperviseAsync(options, cancellation)
                    : RunAsync(options, cancellation)
        );
        return command;
    }

    private static Task<int> SuperviseAsync(BoundOptions options, CancellationToken cancellation)
    {
        // What can be seen to be wrong is said once, and not by each child. The device is the child's to look at: a
        // supervisor loads no libtorch.
        var settings = new WorkerSettings(options);
        var supervisor = new WorkerSupervisor(
            Environment.GetCommandLineArgs(),
            settings.Name,
            options.Get<WorkerCommandOptions>().StopGrace,
            TimeProvider.System,
            Console.Error
        );
        return supervisor.RunAsync(cancellation);
    }

    private static async Task<int> RunAsync(BoundOptions options, CancellationToken cancellation)
    {
        var prepared = new WorkerSettings(options);
        var settings = prepared.Worker();
        var grace = options.Get<WorkerCommandOptions>().StopGrace;
        TorchRuntime.Threads = prepared.Threads;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.Get<WorkerCommandOptions>().Supervised)
        {
            WorkerSupervisor.EndWithParent(ending);
        }

        using var logs = ConsoleLogs.Create();
        var cache = new ClaimCache(prepared.Cache, TimeProvider.System);
        var worker = WorkerNode.Start(
            settings,
            cache,
            new CurvatureAnalyzerFactory(TimeProvider.System),
            TimeProvider.System,
            logs
        );
        await using (worker.ConfigureAwait(false))
        {
            await Console
                .Out.WriteLineAsync(
                    $"Worker {settings.Name} on {settings.Device}, libtorch {TorchRuntime.Version}: jobs from "
                        + string.Join(", ", settings.Node.Join)
                )
                .ConfigureAwait(false);
            try
            {
                await worker.Completion.WaitAsync(ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await worker.StopAsync(grace).ConfigureAwait(false);
                return ExitCodes.Done;
            }
        }

        return WorkerNodeOptions.LostHostExitCode;
    }
}
