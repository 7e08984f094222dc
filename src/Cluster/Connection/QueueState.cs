namespace CurvatureMonitor.Cluster.Connection;

/// <summary>What the broker tells of a queue.</summary>
/// <param name="Ready">Messages that wait; those that somebody holds unacknowledged are not among them.</param>
/// <param name="Consumers">Consumers that are registered.</param>
internal sealed record QueueState(long Ready, long Consumers);
