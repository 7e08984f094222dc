namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>One method a level.</summary>
public static class LoggingExtensions
{
    /// <summary>Logs at level <see cref="LogLevel.DebugLevel"/>.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Log(LogLevel.DebugLevel, null, format, args);

    /// <summary>Logs at level <see cref="LogLevel.DebugLevel"/>, with an exception.</summary>
    public static void Debug(this ILoggingAdapter log, Exception cause, string format, params object?[] args) =>
        log.Log(LogLevel.DebugLevel, cause, format, args);

    /// <summary>Logs at level <see cref="LogLevel.InfoLevel"/>.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Log(LogLevel.InfoLevel, null, format, args);

    /// <summary>Logs at level <see cref="LogLevel.InfoLevel"/>, with an exception.</summary>
    public static void Info(this ILoggingAdapter log, Exception cause, string format, params object?[] args) =>
        log.Log(LogLevel.InfoLevel, cause, format, args);

    /// <summary>Logs at level <see cref="LogLevel.WarningLevel"/>.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Log(LogLevel.WarningLevel, null, format, args);

    /// <summary>Logs at level <see cref="LogLevel.WarningLevel"/>, with an exception.</summary>
    public static void Warning(this ILoggingAdapter log, Exception cause, string format, params object?[] args) =>
        log.Log(LogLevel.WarningLevel, cause, format, args);

    /// <summary>Logs at level <see cref="LogLevel.ErrorLevel"/>.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object?[] args) =>
        log.Log(LogLevel.ErrorLevel, null, format, args);

    /// <summary>Logs at level <see cref="LogLevel.ErrorLevel"/>, with an exception.</summary>
    public static void Error(this ILoggingAdapter log, Exception cause, string format, params object?[] args) =>
        log.Log(LogLevel.ErrorLevel, cause, format, args);
}
