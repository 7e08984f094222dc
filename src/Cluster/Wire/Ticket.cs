namespace CurvatureMonitor.Cluster.Wire;

/// <summary>
/// Says that a slot was filled. Whoever gets it looks what the slot holds by then: the latest, or nothing.
/// </summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Instance">The host.</param>
/// <param name="Slot">The queue that is the slot.</param>
/// <param name="Needs">What it takes to do the job.</param>
internal sealed record Ticket(int Wire, string Instance, string Slot, JobNeeds Needs);
