using System.CommandLine;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Serving;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Intake.Runs;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature serve</c>: takes checkpoints from watched folders and over HTTP, measures them, and shows them until it
/// is stopped.
/// </summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    internal static Command Create()
    {
        var command = new ConfiguredCommand(
            "serve",
            "Take checkpoints from watched folders and over HTTP, and measure them: live page, /metrics.",
            typeof(ServeOptions),
            typeof(ServerOptions),
            typeof(AccessOptions),
            typeof(MeasuringOptions),
            typeof(PrecisionOptions),
            typeof(ComputeOptions),
            typeof(OtlpOptions),
            typeof(ClusterOptions),
            typeof(CredentialsOptions),
            typeof(RemoteJobsOptions),
            typeof(IsolationOptions),
            typeof(MemoryLimitOptions)
        );
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(BoundOptions options, CancellationToken cancellation)
    {
        using var workers = OwnWorkers.Of(options);
        var cluster = ServeSettings.Cluster(options, workers?.Node);
        using var inspector = ServeSettings.Inspector(options, hasWorkers: cluster is not null);
        using var logs = Logs(options, cluster);
        var setup = Setup(options, cluster, logs) with { Inspector = inspector };
        var session = await IntakeSession.StartAsync(setup, cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            session.Alerts.Prometheus = options.Get<ServerOptions>().PrometheusAddress;
            await Console.Out.WriteLineAsync($"Live page: {session.Address}").ConfigureAwait(false);
            if (cluster is not null && options.Get<ClusterOptions>().IsOpen)
            {
                await Console.Out.WriteLineAsync($"Workers: join {cluster.Node.Listen}").ConfigureAwait(false);
            }

            return await KeepAsync(session, setup, workers, cancellation).ConfigureAwait(false);
        }
    }

    private static ILoggerFactory Logs(BoundOptions options, ClusterSetup? cluster) =>
        cluster is null ? ConsoleLogs.CreateForErrors()
        : options.Get<ClusterOptions>().IsOpen ? ConsoleLogs.Create()
        : ConsoleLogs.CreateForWarnings();

    // Until it is stopped, or a worker of its own cannot begin.
    private static async Task<int> KeepAsync(
        IntakeSession session,
        IntakeSetup setup,
        OwnWorkers? workers,
        CancellationToken cancellation
    )
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var ending = new CancellationTokenSource();
        var working = workers?.RunAsync(stopping.Token, ending.Token) ?? Task.FromResult(ExitCodes.Done);
        _ = working.ContinueWith(
            ended => ended.IsCompletedSuccessfully && ended.Result == ExitCodes.Done ? null : stopping.CancelAsync(),
            TaskScheduler.Default
        );
        await KeepTidyAsync(session.Service, setup.Intake.PollInterval, stopping.Token).ConfigureAwait(false);

        // What workers are at is finished, or given up, before they go.
        await session.StopAsync().ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        return await working.ConfigureAwait(false);
    }

    private static IntakeSetup Setup(BoundOptions options, ClusterSetup? cluster, ILoggerFactory logs)
    {
        var serve = options.Get<ServeOptions>();
        var server = options.Get<ServerOptions>();
        var intake = ServeSettings.Intake(options, hasWorkers: cluster is not null);
        var monitor = options.Get<MeasuringOptions>().Monitor(options.Get<ComputeOptions>());
        return new IntakeSetup
        {
            DataDirectory = serve.DataDir,
            Watched = ServeSettings.Watched(serve),
            Intake = intake,

            // No trainer shares the cores with the measurements.
            Monitor = monitor with
            {
                ShutdownGrace = Grace,
                Threads = monitor.Threads ?? Math.Max(1, Environment.ProcessorCount / monitor.CurvatureActors),
            },
            Address = server.ListenAddress,
            Port = server.Port,
            Token = ServeSettings.Token(options),
            Cluster = cluster,
            Logs = logs,
            Observers = [new ServeObserver(Console.Out)],
            Notice = ServeObserver.Notice,
            Otlp = options.Get<OtlpOptions>().ReadSettings(),
        };
    }

    private static async Task KeepTidyAsync(IntakeService service, TimeSpan interval, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                service.Sweep();
            } while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
