using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Pool;

/// <summary>
/// Measures checkpoints on a thread of its own, with an objective of its own for every run. What it cannot do for a
/// known reason it answers as a typed failure; anything else crashes it, and its supervisor starts it anew.
/// </summary>
internal sealed class CurvatureActor : ReceiveActor
{
    private readonly PoolSettings _settings;
    private readonly Dictionary<string, (RunProbe Probe, ICheckpointAnalyzer Analyzer)> _analyzers = new(
        StringComparer.Ordinal
    );
    private long _started;

    public CurvatureActor(PoolSettings settings)
    {
        _settings = settings;
        Receive<WorkItem>(Work);
        Receive<ForgetRun>(forget => Release(forget.Run));
    }

    private double Elapsed => _settings.Time.GetElapsedTime(_started).TotalSeconds;

    protected override void PreRestart(Exception reason, object? message)
    {
        if (message is WorkItem item)
        {
            Context.Parent.Tell(new WorkerCrashed(item, OneLine(reason), Elapsed));
        }

        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        foreach (var run in _analyzers.Keys.ToList())
        {
            Release(run);
        }
    }

    private void Work(WorkItem item)
    {
        _started = _settings.Time.GetTimestamp();
        item.ReplyTo.Tell(Answer(item));
        Context.Parent.Tell(WorkerIdle.Instance);
    }

    private object Answer(WorkItem item)
    {
        var job = item.Job;
        try
        {
            item.Cancellation.ThrowIfCancellationRequested();
            var report = AnalyzerOf(job).Analyse(job, item.Cancellation);
            return FiniteReport.WhatIsNot(report) is { } wrong
                ? Failure(JobFailureReason.NonFinite, $"{wrong} at step {job.Id.Step} is not finite")
                : new Measured(job.Id, report, report.Cost with { Seconds = item.SpentSeconds + Elapsed }, job.Attempt);
        }
        catch (OperationCanceledException) when (item.Cancellation.IsCancellationRequested)
        {
            return Failure(JobFailureReason.Cancelled, "cancelled");
        }
        catch (Exception failure) when (FailureClassifier.ReasonOf(failure) is { } reason)
        {
            return Failure(reason, OneLine(failure));
        }

        JobFailed Failure(JobFailureReason reason, string message) =>
            new(job.Id, reason, message, item.SpentSeconds + Elapsed, job.Attempt);
    }

    // A run of the same name with another objective is another run: of another host, or started anew.
    private ICheckpointAnalyzer AnalyzerOf(AnalyseCheckpoint job)
    {
        if (_analyzers.TryGetValue(job.Id.Run, out var known) && ReferenceEquals(known.Probe, job.Probe))
        {
            return known.Analyzer;
        }

        Release(job.Id.Run);
        var analyzer = _settings.Analyzers.Create(job.Probe);
        _analyzers.Add(job.Id.Run, (job.Probe, analyzer));
        return analyzer;
    }

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");

    private void Release(string run)
    {
        if (_analyzers.Remove(run, out var known))
        {
            try
            {
                known.Analyzer.Dispose();
            }
            catch (Exception failure)
            {
                // Letting go must not stop the actor from letting go of the rest.
                PoolLog.ReleaseFailed(_settings.Logger, failure, run);
            }
        }
    }
}
