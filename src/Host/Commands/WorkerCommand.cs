using System.CommandLine;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Cluster.Claims;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature worker</c>: takes jobs from a broker, one at a time, until it is stopped.</summary>
internal static class WorkerCommand
{
    internal const string Name = "worker";

    internal static Command Create()
    {
        var command = new Command(
            Name,
            "Join a cluster as a curvature worker: take jobs from the broker, and measure them."
        );
        var options = new WorkerArguments();
        foreach (var option in options.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(
            (arguments, cancellation) =>
                options.Supervises(arguments)
                    ? SuperviseAsync(options, arguments, cancellation)
                    : RunAsync(options, arguments, cancellation)
        );
        return command;
    }

    private static Task<int> SuperviseAsync(
        WorkerArguments options,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        // What can be seen to be wrong is said once, and not by each child. The device is the child's to look at: a
        // supervisor loads no libtorch.
        options.Broker.Address(arguments);
        options.Cache(arguments);
        var supervisor = new WorkerSupervisor(
            Environment.GetCommandLineArgs(),
            options.Name(arguments),
            options.Grace(arguments),
            TimeProvider.System,
            Console.Error
        );
        return supervisor.RunAsync(cancellation);
    }

    private static async Task<int> RunAsync(
        WorkerArguments options,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var settings = options.Worker(arguments);
        var cacheSettings = options.Cache(arguments);
        var grace = options.Grace(arguments);
        TorchRuntime.Threads = options.Threads(arguments);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (options.IsSupervised(arguments))
        {
            WorkerSupervisor.EndWithParent(ending);
        }

        await BrokerReach
            .RequireAsync(settings.Address, "curvature worker " + settings.Name, ending.Token)
            .ConfigureAwait(false);
        using var logs = ConsoleLogs.Create();
        var cache = new ClaimCache(cacheSettings, TimeProvider.System);
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
