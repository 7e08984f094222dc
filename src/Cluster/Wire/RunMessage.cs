namespace CurvatureMonitor.Cluster.Wire;

/// <summary>
/// Something about a run, which the routing key says: that its jobs are cancelled, or that it is over.
/// </summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Instance">The host.</param>
/// <param name="Run">The run.</param>
internal sealed record RunMessage(int Wire, string Instance, string Run);
