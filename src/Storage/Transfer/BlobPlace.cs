namespace CurvatureMonitor.Storage.Transfer;

/// <summary>Where the host has a file that jobs name.</summary>
/// <param name="Run">The run that it belongs to.</param>
/// <param name="Step">The step of its checkpoint; null for what belongs to the run.</param>
/// <param name="Path">The file.</param>
public sealed record BlobPlace(string Run, long? Step, string Path);
