namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A log event of level <see cref="LogLevel.InfoLevel"/>.</summary>
public sealed class Info : LogEvent
{
    internal Info(Exception? cause, string logSource, Type logClass, object message, DateTime timestamp)
        : base(cause, logSource, logClass, message, timestamp) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}
