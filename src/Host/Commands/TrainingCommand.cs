using System.CommandLine;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Monitoring.Servers;
using CurvatureMonitor.Host.Terminal;
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

    internal static Command Demo() =>
        Create(
            "demo",
            "Train on real images here and watch the curvature of the loss: table, live page, /metrics, alerts.",
            TrainingDefaults.Demo,
            servers: true
        );

    internal static Command Train() =>
        Create("train", "Train a built-in model, monitored.", TrainingDefaults.Train, servers: false);

    private static Command Create(string name, string description, TrainingDefaults defaults, bool servers)
    {
        var command = new Command(name, description);
        var options = new TrainingArguments(defaults);
        foreach (var option in options.Options)
        {
            command.Options.Add(option);
        }

        var alone = new Option<bool>("--no-prometheus")
        {
            Description = "Do not start Prometheus and Alertmanager, even where they are installed.",
        };
        if (servers)
        {
            command.Options.Add(alone);
        }

        command.SetAction(
            (arguments, cancellation) =>
                Failures.ReportAsync(() =>
                    RunAsync(options, arguments, servers && !arguments.GetValue(alone), cancellation)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        TrainingArguments options,
        ParseResult arguments,
        bool startServers,
        CancellationToken cancellation
    )
    {
        var prometheus = options.Monitoring.Prometheus(arguments);
        var otlp = options.Monitoring.Otlp(arguments);
        var request = options.Request(arguments);
        using var store = request.Store;
        var monitorOptions = options.Monitoring.Monitor(arguments);
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning));
        var observer = new TerminalObserver();
        string? history = options.History(arguments);
        using var journals = Journals(history, request.Run);
        var session = await MonitorSession
            .StartAsync(
                new MonitorSetup
                {
                    Monitor = monitorOptions,
                    Address = options.Monitoring.Address(arguments),
                    Port = options.Monitoring.Port(arguments),
                    Observers = [observer],
                    Logs = logs,
                    Journal = journals,
                    Endpoints = history is null ? null : routes => JournalEndpoint.Map(routes, history),
                    Otlp = otlp,
                    Notice = observer.Note,
                },
                cancellation
            )
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var servers =
                startServers && prometheus is null
                    ? MonitoringServers.Start(Reachable(session.Address), RulesFolder, observer.Note)
                    : null;
            session.Alerts.Prometheus = prometheus ?? servers?.Prometheus?.Address;
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var watch = session.Alerts.Prometheus is null
                ? Task.CompletedTask
                : WatchAlertsAsync(session.Alerts, servers, observer, watching.Token);
            try
            {
                return await WatchAsync(session, request, observer, options.Exit(arguments), cancellation)
                    .ConfigureAwait(false);
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

    // A training that starts anew is another run, even under the same name: what is there of an earlier one is set
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
            throw new ArgumentException($"--history {folder}: cannot be written ({failure.Message})", failure);
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
        using var stop = cancellation.Register(() => _ = session.StopAsync(Grace));
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
