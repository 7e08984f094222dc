namespace CurvatureMonitor.Contracts.Events;

/// <summary>
/// A training was taken up again from an earlier step: what follows is a new branch of the run, and what was known from
/// that step on belongs to the branch before.
/// </summary>
/// <param name="Run">The run's name.</param>
/// <param name="Time">When.</param>
/// <param name="Step">The first step of the new branch.</param>
/// <param name="Branch">Its number; the run began with 1.</param>
public sealed record RunBranched(string Run, DateTimeOffset Time, long Step, int Branch) : MonitorEvent(Run, Time);
