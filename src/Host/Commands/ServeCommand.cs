using System.CommandLine;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Intake;
using CurvatureMonitor.Host.Terminal;

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
        var command = new Command(
            "serve",
            "Take checkpoints from watched folders and over HTTP, and measure them: live page, /metrics."
        );
        var options = new ServeArguments();
        foreach (var option in options.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(
            (arguments, cancellation) => Failures.ReportAsync(() => RunAsync(options, arguments, cancellation))
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ServeArguments options,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var intake = options.Intake(arguments);
        var monitor = options.Monitoring.Monitor(arguments);
        var prometheus = options.Monitoring.Prometheus(arguments);
        var otlp = options.Monitoring.Otlp(arguments);

        var cluster = options.Cluster(arguments);
        using var logs = cluster is null ? null : ConsoleLogs.Create();
        if (cluster is not null)
        {
            await BrokerReach.RequireAsync(cluster.Address, "curvature serve", cancellation).ConfigureAwait(false);
        }

        // No trainer shares the cores with the measurements.
        monitor = monitor with
        {
            ShutdownGrace = Grace,
            Threads = monitor.Threads ?? Math.Max(1, Environment.ProcessorCount / monitor.CurvatureActors),
        };
        var session = await IntakeSession
            .StartAsync(
                new IntakeSetup
                {
                    DataDirectory = options.DataDirectory(arguments),
                    Watched = options.Watched(arguments),
                    Intake = intake,
                    Monitor = monitor,
                    Address = options.Monitoring.Address(arguments),
                    Port = options.Monitoring.Port(arguments),
                    Token = options.Token(arguments),
                    Cluster = cluster,
                    Logs = logs,
                    Observers = [new ServeObserver(Console.Out)],
                    Notice = ServeObserver.Notice,
                    Otlp = otlp,
                },
                cancellation
            )
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            session.Alerts.Prometheus = prometheus;
            await Console.Out.WriteLineAsync($"Live page: {session.Address}").ConfigureAwait(false);
            if (cluster is not null)
            {
                await Console.Out.WriteLineAsync($"Workers: through {cluster.Address}").ConfigureAwait(false);
            }

            await KeepTidyAsync(session.Service, intake.PollInterval, cancellation).ConfigureAwait(false);
            await session.StopAsync().ConfigureAwait(false);
        }

        return ExitCodes.Done;
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
