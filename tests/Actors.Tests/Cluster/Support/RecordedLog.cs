using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>Keeps what is logged, so that a test can wait for it.</summary>
internal sealed class RecordedLog : ILogger, ILoggerFactory
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Lines outlive the factory.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue(formatter(state, exception));

    /// <summary>All lines.</summary>
    public override string ToString() => string.Join('\n', _lines);

    /// <summary>Waits until a line has a text.</summary>
    internal Task SaysAsync(string text) =>
        Until.HoldsAsync(
            $"it is logged: {text}",
            () => _lines.Any(line => line.Contains(text, StringComparison.Ordinal)),
            ToString
        );
}
