using System.CommandLine;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Monitoring.Servers;
using CurvatureMonitor.Host.Terminal;
using CurvatureMonitor.Intake.Http;
using CurvatureMonitor.Storage.Journals;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature demo</c> and <c>curvature train</c>: trains here, measures beside it, shows both.</summary>
internal static class TrainingCommand
{
    /// <summary>
    /// How long an orderly stop may take before jobs are cut off; a person who pressed Ctrl-C waits for it.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    internal static Command Demo()
    {
        var command = new ConfiguredCommand(
            "demo",
            "Train on real images here and watch the curvature of the loss: table, live page, /metrics, alerts.",
            typeof(DemoTrainOptions),
            typeof(DemoMeasuringOptions),
            typeof(ComputeOptions),
            typeof(ServerOptions),
            typeof(OtlpOptions),
            typeof(DemoOptions)
        );
        command.SetAction(
            (options, cancellation) => RunAsync(options, !options.Get<DemoOptions>().NoPrometheus, cancellation)
        );
        return command;
    }

    internal static Command Train()
    {
        var command = new ConfiguredCommand(
            "train",
            "Train a built-in model, monitored.",
            typeof(TrainOptions),
            typeof(MeasuringOptions),
            typeof(ComputeOptions),
            typeof(ServerOptions),
            typeof(OtlpOptions)
        );
        command.SetAction((options, cancellation) => RunAsync(options, startServers: false, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(BoundOptions options, bool startServers, CancellationToken cancellation)
    {
        var (train, server) = (options.Get<TrainOptions>(), options.Get<ServerOptions>());
        var otlp = options.Get<OtlpOptions>().ReadSettings();
        var request = TrainingRequests.Create(options);
        using var store = request.Store;
        using var logs = ConsoleLogs.CreateForErrors();
        var observer = new TerminalObserver();
        using var journals = Journals(train.History, request.Run);
        var session = await MonitorSession
            .StartAsync(
                new MonitorSetup
                {
                    Monitor = options.Get<MeasuringOptions>().Monitor(options.Get<ComputeOptions>()) with
                    {
                        ShutdownGrace = Grace,
                    },
                    Address = server.ListenAddress,
                    Port = server.Port,
                    Observers = [observer],
                    Logs = logs,
                    Journal = journals,
                    Endpoints = train.History is { } history ? routes => JournalEndpoint.Map(routes, history) : null,
                    Otlp = otlp,
                    Notice = observer.Note,
                },
                cancellation
            )
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var servers =
                startServers && server.PrometheusAddress is null
                    ? MonitoringServers.Start(Reachable(session.Address), RulesFolder, observer.Note)
                    : null;
            session.Alerts.Prometheus = server.PrometheusAddress ?? servers?.Prometheus?.Address;
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var watch = session.Alerts.Prometheus is null
                ? Task.CompletedTask
                : WatchAlertsAsync(session.Alerts, servers, observer, watching.Token);
            try
            {
                return await WatchAsync(session, request, observer, train.Exit, cancellation).ConfigureAwait(false);
            }
            finally
            {
                await watching.CancelAsync().ConfigureAwait(false);
                await watch.ConfigureAwait(false);
                if (servers is not null)
                {
                    await servers.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The project's rules and runbooks, beside the program.</summary>
    private static string RulesFolder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring");

    // A monitor that listens on every address is scraped on the loopback one.
    private static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    // A training that starts again is another run, even under the same name: what is there of an earlier one is set
    // aside.
    private static RunJournals? Journals(string? folder, string run)
    {
        if (folder is null)
        {
            return null;
        }

        var journals = new RunJournals();
        try
        {
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, Uri.EscapeDataString(run) + RunJournal.Suffix);
            journals.Add(run, RunJournal.Open(path, run, Guid.NewGuid().ToString("N")));
            return journals;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--history {folder}: cannot be written ({failure.Message})", cause: failure);
        }
    }

    private static async Task WatchAlertsAsync(
        AlertSource alerts,
        MonitoringServers? servers,
        TerminalObserver observer,
        CancellationToken cancellation
    )
    {
        try
        {
            if (servers is not null)
            {
                await servers.AnnounceAsync(observer.Note, cancellation).ConfigureAwait(false);
            }

            await new AlertWatch(alerts, observer.Note).RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task<int> WatchAsync(
        MonitorSession session,
        TrainingRequest request,
        TerminalObserver observer,
        bool exit,
        CancellationToken cancellation
    )
    {
        var run = session.StartTraining(request);
        using var stop = cancellation.Register(() => _ = session.StopAsync());
        await new LiveView(AnsiConsole.Console, observer, session.Address.ToString())
            .RunAsync(run.Completion)
            .ConfigureAwait(false);
        if (run.Completion.IsCanceled)
        {
            AnsiConsole.Console.WriteLine("Stopped before the run could be wound up.");
            return ExitCodes.Failed;
        }

        var summary = await run.Completion.ConfigureAwait(false);
        SummaryView.Write(AnsiConsole.Console, summary);
        if (!exit && !cancellation.IsCancellationRequested)
        {
            AnsiConsole.Console.WriteLine($"The page stays up at {session.Address} until Ctrl-C.");
            await StayAsync(observer, cancellation).ConfigureAwait(false);
        }

        return summary.Outcome is RunOutcome.Finished or RunOutcome.Stopped ? ExitCodes.Done : ExitCodes.Failed;
    }

    // Alerts still come and go after the last step.
    private static async Task StayAsync(TerminalObserver observer, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            foreach (string note in observer.Take().Notes)
            {
                AnsiConsole.Console.Profile.Out.Writer.WriteLine(note);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation)
                .ContinueWith(_ => { }, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }
}
