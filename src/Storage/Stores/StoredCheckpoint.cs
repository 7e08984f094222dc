namespace CurvatureMonitor.Storage.Stores;

/// <summary>A checkpoint on disk, as far as keeping it is concerned.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Step">Its step.</param>
/// <param name="Bytes">What it takes.</param>
/// <param name="Written">When it was written.</param>
/// <param name="Use">What has become of it.</param>
public sealed record StoredCheckpoint(string Run, long Step, long Bytes, DateTimeOffset Written, CheckpointUse Use);
