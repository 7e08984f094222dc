using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>What became of a job; exactly one of the three is there.</summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Worker">Who did it.</param>
/// <param name="Measured">It gave measurements.</param>
/// <param name="Failed">It gave none.</param>
/// <param name="Dropped">It was not done.</param>
internal sealed record ResultMessage(
    int Wire,
    string Worker,
    Measured? Measured,
    JobFailed? Failed,
    JobDropped? Dropped
)
{
    /// <summary>The answer as runs get it.</summary>
    /// <exception cref="System.Text.Json.JsonException">There is none.</exception>
    public JobAnswer ToAnswer() =>
        (JobAnswer?)Measured
        ?? (JobAnswer?)Failed
        ?? Dropped
        ?? throw new System.Text.Json.JsonException("the result is empty");

    /// <summary>The job.</summary>
    /// <exception cref="System.Text.Json.JsonException">There is no answer.</exception>
    public JobId ToJob() =>
        Measured?.Id ?? Failed?.Id ?? Dropped?.Id ?? throw new System.Text.Json.JsonException("the result is empty");

    /// <summary>Wraps an answer.</summary>
    public static ResultMessage Of(string worker, JobAnswer answer) =>
        new(WireJson.Version, worker, answer as Measured, answer as JobFailed, answer as JobDropped);
}
