namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>Which packets are lost.</summary>
public enum Direction
{
    /// <summary>All.</summary>
    Both,

    /// <summary>Those to the worker.</summary>
    ToWorker,

    /// <summary>Those from the worker.</summary>
    FromWorker,
}
