namespace CurvatureMonitor.ActorKernel.Event;

/// <summary>How grave a log event is.</summary>
public enum LogLevel
{
    /// <summary>For those who look into the runtime.</summary>
    DebugLevel,

    /// <summary>Normal course of things.</summary>
    InfoLevel,

    /// <summary>Mended or ignored, but not expected.</summary>
    WarningLevel,

    /// <summary>Something failed.</summary>
    ErrorLevel,
}
