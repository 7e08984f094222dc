namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A log event of level <see cref="LogLevel.DebugLevel"/>.</summary>
public sealed class Debug : LogEvent
{
    internal Debug(Exception? cause, string logSource, Type logClass, object message, DateTime timestamp)
        : base(cause, logSource, logClass, message, timestamp) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}
