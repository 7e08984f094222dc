using System.CommandLine;
using CurvatureMonitor.Host.Intake;
using CurvatureMonitor.Host.Intake.Journal;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Host.Terminal;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature serve</c>: takes checkpoints from watched folders and over HTTP, measures them, and shows them until it is stopped.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    internal static Command Create()
    {
        var command = new Command("serve", "Take checkpoints from watched folders and over HTTP, and measure them: live page, /metrics.");
        var options = new ServeArguments();
        foreach (var option in options.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, cancellation) => Failures.ReportAsync(() => RunAsync(options, arguments, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ServeArguments options, ParseResult arguments, CancellationToken cancellation)
    {
        var intake = options.Intake(arguments);
        var monitor = options.Monitoring.Monitor(arguments);

        // No trainer shares the cores with the measurements.
        monitor = monitor with { Threads = monitor.Threads ?? Math.Max(1, Environment.ProcessorCount / monitor.CurvatureActors) };
        string? token = options.Token(arguments);
        using var data = DataDirectory.Open(options.DataDirectory(arguments));
        using var journals = new RunJournals();
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning));
        var service = new IntakeService(data, intake, journals, TimeProvider.System, ServeObserver.Notice);
        var session = await MonitorSession.StartAsync(
            monitor,
            options.Monitoring.Address(arguments),
            options.Monitoring.Port(arguments),
            [service, new ServeObserver(Console.Out)],
            logs,
            cancellation,
            journals,
            routes => IntakeEndpoints.Map(routes, service, token),
            intake.GracePeriod).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            service.Restore(session.Monitor);
            List<DirectoryWatch> watches = [.. options.Watched(arguments).Select(folder => new DirectoryWatch(folder, service, intake.PollInterval, ServeObserver.Notice))];
            await Console.Out.WriteLineAsync($"Live page: {session.Address}").ConfigureAwait(false);
            await KeepTidyAsync(service, intake.PollInterval, cancellation).ConfigureAwait(false);
            watches.ForEach(watch => watch.Dispose());
            journals.BeginStop();
            await session.StopAsync(Grace).ConfigureAwait(false);
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
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
