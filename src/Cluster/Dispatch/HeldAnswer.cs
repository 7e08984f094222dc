using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>An answer to a job that nobody has offered here, at least not yet.</summary>
/// <param name="Answer">What it says.</param>
/// <param name="Delivery">The message that the broker keeps for it.</param>
/// <param name="Since">When it came.</param>
internal sealed record HeldAnswer(JobAnswer Answer, Delivery Delivery, long Since);
