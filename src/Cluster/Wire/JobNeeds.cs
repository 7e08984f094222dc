namespace CurvatureMonitor.Cluster.Wire;

/// <summary>
/// What a worker must have to do a job, beside the kind of device, which the queue of the ticket says.
/// </summary>
/// <param name="MemoryBytes">The least memory: that without which it cannot succeed, not what it takes.</param>
/// <param name="Torch">The least libtorch; any where null.</param>
internal sealed record JobNeeds(long MemoryBytes, Version? Torch);
