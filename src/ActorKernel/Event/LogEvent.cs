namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>Base of the log events that travel on the event stream.</summary>
public abstract class LogEvent : Actor.INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message, DateTime timestamp)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Timestamp = timestamp;
    }

    /// <summary>The exception behind it, or null.</summary>
    public Exception? Cause { get; }

    /// <summary>When it was logged, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>Where it comes from, usually an actor's path.</summary>
    public string LogSource { get; }

    /// <summary>The class that logged it.</summary>
    public Type LogClass { get; }

    /// <summary>The text.</summary>
    public object Message { get; }

    /// <summary>How grave it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() =>
        Cause is null
            ? $"[{LogLevel()}] [{LogSource}] {Message}"
            : $"[{LogLevel()}] [{LogSource}] {Message}: {Cause.GetType().Name}: {Cause.Message}";

    internal static LogEvent Create(
        LogLevel level,
        Exception? cause,
        string logSource,
        Type logClass,
        object message,
        DateTime timestamp
    ) =>
        level switch
        {
            Event.LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message, timestamp),
            Event.LogLevel.InfoLevel => new Info(cause, logSource, logClass, message, timestamp),
            Event.LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message, timestamp),
            _ => new Error(cause, logSource, logClass, message, timestamp),
        };
}
