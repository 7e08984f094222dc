namespace CurvatureMonitor.Actors.Failures;

/// <summary>Who can do something about a failure, which decides exit codes, HTTP statuses and what is logged.</summary>
public enum FailureKind
{
    /// <summary>A defect of the program: logged with its trace, exit code 70, HTTP 500.</summary>
    Bug,

    /// <summary>Something that a person can fix: one line, exit code 2, HTTP 4xx.</summary>
    UserError,

    /// <summary>The measurement or the training failed for a known reason: one line, exit code 1.</summary>
    Measurement,

    /// <summary>It was cancelled: no line, exit code 1.</summary>
    Cancelled,

    /// <summary>The monitor is stopping: HTTP 503.</summary>
    Stopping,
}
