namespace CurvatureMonitor.Host.Isolation;

/// <summary>What a measuring process may use.</summary>
/// <param name="MemoryBytes">The memory that it can write to; no bound where null.</param>
/// <param name="Deadline">How long it may take; for ever where null.</param>
internal sealed record MeasuringLimits(long? MemoryBytes, TimeSpan? Deadline);
