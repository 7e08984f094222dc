namespace CurvatureMonitor.Actors.Messages;

/// <summary>What a worker must have to do a job.</summary>
/// <param name="DeviceKind">The kind of device: <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="MemoryBytes">The least memory: that without which it cannot succeed, not what it takes.</param>
internal sealed record JobRequirements(string DeviceKind, long MemoryBytes);

/// <summary>What a worker has.</summary>
/// <param name="Device">Where it computes, such as <c>cuda:0</c>.</param>
/// <param name="MemoryBytes">What a job may use there.</param>
internal sealed record WorkerAbilities(string Device, long MemoryBytes)
{
    /// <summary>Whether it can do a job.</summary>
    /// <param name="needs">What the job needs; nothing where null.</param>
    public bool Meet(JobRequirements? needs) =>
        needs is null
        || (needs.MemoryBytes <= MemoryBytes && Device.StartsWith(needs.DeviceKind, StringComparison.Ordinal));
}
