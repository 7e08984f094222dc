namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>Logs with a source. The text is a composite format string with positional holes (<c>{0}</c>).</summary>
public interface ILoggingAdapter
{
    /// <summary>Whether events of that level go anywhere.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs at a level, with the exception behind it if there is one.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format, params object?[] args);
}
