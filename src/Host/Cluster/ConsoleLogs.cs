using System.Globalization;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>
/// Logs as lines on standard error: what a person who runs a host or a worker must know of the broker.
/// </summary>
internal sealed class ConsoleLogs : ILoggerProvider
{
    internal static ILoggerFactory Create() =>
        LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Warning);
            builder.AddFilter(nameof(CurvatureMonitor), LogLevel.Information);
            builder.AddProvider(new ConsoleLogs());
        });

    public ILogger CreateLogger(string categoryName) => new Lines();

    public void Dispose()
    {
        // Standard error is nobody's.
    }

    private sealed class Lines : ILogger
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
            Console.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"curvature: {DateTime.Now:HH:mm:ss} {text.ReplaceLineEndings(" ")}"
                )
            );
        }
    }
}
