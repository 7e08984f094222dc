using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>A job cannot be done, for a known reason that trying again would not mend.</summary>
/// <param name="reason">Why.</param>
/// <param name="message">One line: what, where, how to mend it.</param>
public sealed class AnalysisException(JobFailureReason reason, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public JobFailureReason Reason { get; } = reason;
}
