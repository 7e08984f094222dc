namespace CurvatureMonitor.Metrics;

/// <summary>Where a run stands; the values of the label <c>state</c>.</summary>
public enum RunState
{
    /// <summary>The trainer is at work.</summary>
    Running,

    /// <summary>The trainer reached its last step.</summary>
    Finished,

    /// <summary>The trainer stopped with an error.</summary>
    Failed,

    /// <summary>The trainer has gone silent; it may come back.</summary>
    Stale,
}
