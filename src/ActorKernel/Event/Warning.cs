namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A log event of level <see cref="LogLevel.WarningLevel"/>.</summary>
public sealed class Warning : LogEvent
{
    internal Warning(Exception? cause, string logSource, Type logClass, object message, DateTime timestamp)
        : base(cause, logSource, logClass, message, timestamp) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}
