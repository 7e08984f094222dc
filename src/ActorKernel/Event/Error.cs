namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>A log event of level <see cref="LogLevel.ErrorLevel"/>.</summary>
public sealed class Error : LogEvent
{
    internal Error(Exception? cause, string logSource, Type logClass, object message, DateTime timestamp)
        : base(cause, logSource, logClass, message, timestamp) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
