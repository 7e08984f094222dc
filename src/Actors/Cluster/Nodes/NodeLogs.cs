using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// Logs of a node without the traces that Akka.NET writes of each connection that ends: the node tells in a line of its
/// own whom it has lost.
/// </summary>
/// <param name="logs">Where everything else goes.</param>
internal sealed class NodeLogs(ILoggerFactory logs) : ILoggerFactory
{
    // Its type is internal to Akka.Remote.
    private const string EndOfConnection = "Akka.Remote.EndpointDisassociatedException";

    public ILogger CreateLogger(string categoryName) => new Filter(logs.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

    public void Dispose()
    {
        // The factory is its owner's.
    }

    private sealed class Filter(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (exception?.GetType().FullName != EndOfConnection)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
