using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>The job counters of one analysis of one run; every outcome exists from the start.</summary>
internal sealed class AnalysisSeries(RunSeries run, string analysis)
{
    private readonly Dictionary<JobOutcome, Counter> _jobs = Enum.GetValues<JobOutcome>()
        .ToDictionary(
            outcome => outcome,
            outcome => run.Add(run.Families.Pipeline.Jobs, analysis, KnownLabels.Text(outcome))
        );

    // A cancelled job is no failure.
    private readonly Dictionary<JobFailureReason, Counter> _failures = Enum.GetValues<JobFailureReason>()
        .Where(reason => reason != JobFailureReason.Cancelled)
        .ToDictionary(
            reason => reason,
            reason => run.Add(run.Families.Pipeline.JobFailures, analysis, KnownLabels.Text(reason))
        );

    private readonly Histogram _duration = run.Add(run.Families.Pipeline.JobDuration, analysis);

    public void Fail(JobFailureReason reason)
    {
        if (_failures.TryGetValue(reason, out var counter))
        {
            counter.Increment();
        }
    }

    public void End(JobOutcome outcome, TimeSpan? duration)
    {
        _jobs[outcome].Increment();
        // Clocks may be set back while a job runs; a time that cannot be is not counted as a duration.
        if (duration is { } time && time >= TimeSpan.Zero)
        {
            _duration.Observe(time.TotalSeconds);
        }
    }
}
