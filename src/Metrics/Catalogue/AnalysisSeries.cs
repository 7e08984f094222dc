using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>The job counters of one analysis of one run; every outcome exists from the start.</summary>
internal sealed class AnalysisSeries(SeriesGroup group, PipelineFamilies families, string run, string analysis)
{
    private readonly Dictionary<JobOutcome, Counter> _jobs = Enum.GetValues<JobOutcome>()
        .ToDictionary(
            outcome => outcome,
            outcome => group.Add(families.Jobs, run, analysis, KnownLabels.Text(outcome))
        );

    private readonly Dictionary<string, Counter> _failures = KnownLabels.FailureReasons.ToDictionary(
        reason => reason,
        reason => group.Add(families.JobFailures, run, analysis, reason),
        StringComparer.Ordinal
    );

    private readonly Histogram _duration = group.Add(families.JobDuration, run, analysis);

    public void Fail(string reason)
    {
        if (_failures.TryGetValue(reason, out var counter))
        {
            counter.Increment();
        }
    }

    public void Add(JobOutcome outcome, TimeSpan? duration)
    {
        _jobs[outcome].Increment();
        // Clocks may be set back while a job runs; a time that cannot be is not counted as a duration.
        if (duration is { } time && time >= TimeSpan.Zero)
        {
            _duration.Observe(time.TotalSeconds);
        }
    }
}
