using System.CommandLine;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature worker</c>: joins a cluster and does jobs of its hosts, one at a time, until it is stopped.
/// </summary>
internal static class WorkerCommand
{
    internal const string Name = "worker";

    /// <summary>What a supervised worker has to end beyond the grace of its job.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            Name,
            "Join a cluster as a curvature worker: take jobs of its hosts, and measure them.",
            typeof(ClusterOptions),
            typeof(CredentialsOptions),
            typeof(WorkerCommandOptions),
            typeof(ComputeOptions),
            typeof(MemoryLimitOptions),
            typeof(AccessOptions)
        );
        command.SetAction(
            (options, cancellation) =>
                // A child may find the setting in its environment as well.
                options.Get<WorkerCommandOptions>().Supervise && ChildLink.Current is null
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
        var worker = new ChildWorker(settings.Name, ArgumentsOfChild(settings.Name))
        {
            Grace = options.Get<WorkerCommandOptions>().StopGrace + EndTimeout,
            MemoryBytes = options.Get<MemoryLimitOptions>().Bytes,
        };
        return ChildWorkers.OfThisProgram().RunAsync([worker], ExitCodes.BadInput, cancellation);
    }

    // A name is the same after a crash: alerts are to know the worker again.
    private static string[] ArgumentsOfChild(string name)
    {
        string[] rest = [.. ProgramStart.Arguments.Where(argument => argument != "--supervise")];
        return rest.Any(argument =>
            argument == "--name" || argument.StartsWith("--name=", StringComparison.Ordinal)
        )
            ? rest
            : [.. rest, "--name", name];
    }

    private static async Task<int> RunAsync(BoundOptions options, CancellationToken cancellation)
    {
        var prepared = new WorkerSettings(options);
        var settings = prepared.Worker();
        var grace = options.Get<WorkerCommandOptions>().StopGrace;
        if (ChildLink.Current is null)
        {
            ProcessLimits.Apply(options.Get<MemoryLimitOptions>().Bytes);
        }

        TorchRuntime.Threads = prepared.Threads;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation,
            ChildLink.Current?.Ending ?? CancellationToken.None
        );
        using var logs = options.Get<WorkerCommandOptions>().Quiet
            ? ConsoleLogs.CreateForErrors()
            : ConsoleLogs.Create();
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
