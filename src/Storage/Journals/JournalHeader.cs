namespace CurvatureMonitor.Storage.Journals;

/// <summary>The first line of a journal.</summary>
/// <param name="Journal">The version of its form.</param>
/// <param name="Run">The run.</param>
/// <param name="Bundle">The fingerprint of the run's bundle.</param>
public sealed record JournalHeader(int Journal, string Run, string Bundle);
