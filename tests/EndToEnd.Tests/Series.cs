namespace CurvatureMonitor.EndToEnd.Tests;

/// <summary>One series of an answer.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Times">The times at which it is a number, in Unix time.</param>
internal sealed record Series(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<double> Times);
