using System.CommandLine;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature worker</c>: takes jobs from a broker, one at a time, until it is stopped.</summary>
internal static class WorkerCommand
{
    internal const string Name = "worker";

    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            Name,
            "Join a cluster as a curvature worker: take jobs from the broker, and measure them.",
            typeof(BrokerOptions),
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

        await BrokerReach
            .RequireAsync(settings.Address, "curvature worker " + settings.Name, ending.Token)
            .ConfigureAwait(false);
        using var logs = ConsoleLogs.Create();
        var cache = new ClaimCache(prepared.Cache, TimeProvider.System);
        var worker = await ClusterWorker
            .StartAsync(
                settings,
                cache,
                new CurvatureAnalyzerFactory(TimeProvider.System),
                TimeProvider.System,
                logs,
                ending.Token
            )
            .ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            await Console
                .Out.WriteLineAsync(
                    $"Worker {settings.Name} on {settings.Device}, libtorch {TorchRuntime.Version}: jobs from "
                        + $"{settings.Address}"
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

        await Console.Error.WriteLineAsync("curvature: the worker ended by itself").ConfigureAwait(false);
        return ExitCodes.Failed;
    }
}
