using Microsoft.Extensions.Logging.Console;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>Logs as lines on standard error: what a person who runs a host or a worker must know of the broker.</summary>
internal static class ConsoleLogs
{
    internal static ILoggerFactory Create() => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LogLevel.Warning);
        builder.AddFilter("CurvatureMonitor", LogLevel.Information);
        builder.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
