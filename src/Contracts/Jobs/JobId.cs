using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Jobs;

/// <summary>What identifies a job: results are idempotent on it.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Step">Step of the checkpoint.</param>
/// <param name="Analysis">The analysis.</param>
public sealed record JobId(string Run, long Step, AnalysisKind Analysis)
{
    /// <summary>The branch of the run, from 1: taken up again, it comes to the same step with another state.</summary>
    public int Branch { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() => $"{Analysis.Label()} of {Run} at step {Step}";
}
