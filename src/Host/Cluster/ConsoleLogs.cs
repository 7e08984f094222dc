using System.Globalization;
using CurvatureMonitor.Actors.Failures;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>
/// Logs as lines on standard error: what a person who runs a host or a worker must know of the cluster, and bugs with
/// their traces.
/// </summary>
internal sealed class ConsoleLogs(TextWriter errors) : ILoggerProvider
{
    /// <summary>Logs of a member of a cluster: from information on.</summary>
    internal static ILoggerFactory Create() => Create(LogLevel.Information, LogLevel.Warning, Console.Error);

    /// <summary>Logs of a host whose workers are its own alone: what is wrong.</summary>
    internal static ILoggerFactory CreateForWarnings() => Create(LogLevel.Warning, LogLevel.Warning, Console.Error);

    /// <summary>Logs of a process that has a terminal or a page for everything else: errors alone.</summary>
    internal static ILoggerFactory CreateForErrors() => Create(LogLevel.Error, LogLevel.Error, Console.Error);

    /// <summary>Logs to a writer.</summary>
    /// <param name="ours">The least level of this program's categories.</param>
    /// <param name="others">The least level of the other categories.</param>
    /// <param name="errors">Standard error.</param>
    internal static ILoggerFactory Create(LogLevel ours, LogLevel others, TextWriter errors) =>
        LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(others);
            builder.AddFilter(nameof(CurvatureMonitor), ours);

            // A host that cannot start throws as well, and is reported where that is caught.
            builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
            builder.AddProvider(new ConsoleLogs(errors));
        });

    public ILogger CreateLogger(string categoryName) => new Lines(errors);

    public void Dispose()
    {
        // Standard error is nobody's.
    }

    private sealed class Lines(TextWriter errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            string text = exception is null
                ? formatter(state, exception)
                : $"{formatter(state, exception)} ({exception.Message})";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"curvature: {DateTime.Now:HH:mm:ss} {text.ReplaceLineEndings(" ")}"
            );
            bool isBug =
                logLevel >= LogLevel.Error
                && exception is not null
                && FailureClassifier.Classify(exception) == FailureKind.Bug;
            errors.WriteLine(isBug ? line + Environment.NewLine + exception : line);
        }
    }
}
