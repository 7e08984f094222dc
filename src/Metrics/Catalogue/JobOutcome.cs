namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>How a job ended; the values of the label <c>outcome</c>.</summary>
public enum JobOutcome
{
    /// <summary>It gave a measurement.</summary>
    Ok,

    /// <summary>It failed: out of memory, unsupported operation, NaN.</summary>
    Failed,

    /// <summary>It took longer than it may.</summary>
    Timeout,

    /// <summary>It was given up before its end.</summary>
    Cancelled,

    /// <summary>Its result was there already.</summary>
    Duplicate,
}
