using System.Globalization;
using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>The logger of actors: formats at the call, hands the event to the system's sink, publishes it.</summary>
internal sealed class BusLogging(ActorSystemImpl system, string logSource, Type logClass) : ILoggingAdapter
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= system.Setup.LogLevel;

    public void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args)
    {
        if (IsEnabled(logLevel))
        {
            system.PublishLog(
                LogEvent.Create(
                    logLevel,
                    cause,
                    logSource,
                    logClass,
                    Format(format, args),
                    system.TimeProvider.GetUtcNow().UtcDateTime
                )
            );
        }
    }

    private static string Format(string format, object?[] args)
    {
        if (args.Length == 0)
        {
            return format;
        }

        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            // A malformed text must not turn a log line into a failure of the actor.
            return $"{format} [{string.Join(", ", args)}]";
        }
    }
}
