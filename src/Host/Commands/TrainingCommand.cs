using System.CommandLine;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Host.Terminal;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature demo</c> and <c>curvature train</c>: trains here, measures beside it, shows both.</summary>
internal static class TrainingCommand
{
    /// <summary>How long an orderly stop may take before jobs are cut off; a person who pressed Ctrl-C waits for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    internal static Command Demo() => Create(
        "demo", "Train on real images here and watch the curvature of the loss: table, live page, /metrics.", TrainingDefaults.Demo);

    internal static Command Train() => Create("train", "Train a built-in model, monitored.", TrainingDefaults.Train);

    private static Command Create(string name, string description, TrainingDefaults defaults)
    {
        var command = new Command(name, description);
        var options = new TrainingArguments(defaults);
        foreach (var option in options.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction((arguments, cancellation) => Failures.ReportAsync(() => RunAsync(options, arguments, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(TrainingArguments options, ParseResult arguments, CancellationToken cancellation)
    {
        var request = options.Request(arguments);
        using var store = request.Store;
        var monitorOptions = options.Monitoring.Monitor(arguments);
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning));
        var observer = new TerminalObserver();
        var session = await MonitorSession.StartAsync(monitorOptions, options.Monitoring.Address(arguments), options.Monitoring.Port(arguments), [observer], logs, cancellation).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return await WatchAsync(session, request, observer, options.Exit(arguments), cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<int> WatchAsync(MonitorSession session, TrainingRequest request, TerminalObserver observer, bool exit, CancellationToken cancellation)
    {
        var run = session.StartTraining(request);
        using var stop = cancellation.Register(() => _ = session.StopAsync(Grace));
        await new LiveView(AnsiConsole.Console, observer, session.Address.ToString()).RunAsync(run.Completion).ConfigureAwait(false);
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
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }

        return summary.Outcome is RunOutcome.Finished or RunOutcome.Stopped ? ExitCodes.Done : ExitCodes.Failed;
    }
}
