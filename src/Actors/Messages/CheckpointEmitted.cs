using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A trainer took a snapshot and went on. The reference that it held passes to the receiver.</summary>
/// <param name="Checkpoint">The snapshot.</param>
/// <param name="Final">Whether no more will come.</param>
internal sealed record CheckpointEmitted(Checkpoint Checkpoint, bool Final);
