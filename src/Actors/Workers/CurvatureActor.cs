using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Workers;

/// <summary>
/// Measures checkpoints on a thread of its own, with an objective of its own for every run. What it cannot do for a
/// known reason it answers as a typed failure; anything else crashes it, and its supervisor restarts it.
/// </summary>
internal sealed class CurvatureActor : ReceiveActor
{
    private readonly WorkerSettings _settings;
    private readonly IActorRef _board;
    private readonly Dictionary<string, (RunProbe Probe, ICheckpointAnalyzer Analyzer)> _analyzers = new(
        StringComparer.Ordinal
    );
    private long _started;

    public CurvatureActor(WorkerSettings settings, IActorRef board)
    {
        (_settings, _board) = (settings, board);
        Receive<AssignJob>(Work);
        Receive<ForgetRun>(forget => Release(forget.Run));
    }

    private double Elapsed => _settings.Time.GetElapsedTime(_started).TotalSeconds;

    /// <summary>The recipe of a worker, which asks that board for jobs.</summary>
    public static Props Props(WorkerSettings settings, IActorRef board) =>
        Akka.Actor.Props.Create(() => new CurvatureActor(settings, board)).Pinned().CountedAs(ActorNames.Curvature);

    protected override void PreStart() => _board.Tell(RequestWork.Instance);

    protected override void PreRestart(Exception reason, object? message)
    {
        if (message is AssignJob item)
        {
            _board.Tell(new WorkerCrashed(item.Job.Id, OneLine(reason), Elapsed));
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

    private void Work(AssignJob item)
    {
        _started = _settings.Time.GetTimestamp();
        _board.Tell(new JobAnswered(Answer(item)));
        _board.Tell(RequestWork.Instance);
    }

    private JobAnswer Answer(AssignJob item)
    {
        var job = item.Job;
        var cancellation = _settings.Cancellations.TokenOf(item.Assignment);
        var resources = _settings.Resources.Find(job.Id.Run);
        using var checkpoint = resources?.Retain(job.Id.Step);
        if (resources is null || checkpoint is null)
        {
            return Failure(JobFailureReason.Cancelled, "the run has given the checkpoint up");
        }

        try
        {
            cancellation.ThrowIfCancellationRequested();
            var report = AnalyzerOf(job, resources.Probe).Analyse(job, checkpoint, cancellation);
            return FiniteReport.WhatIsNot(report) is { } wrong
                ? Failure(JobFailureReason.NonFinite, $"{wrong} at step {job.Id.Step} is not finite")
                : new Measured(job.Id, report, report.Cost with { Seconds = item.SpentSeconds + Elapsed }, job.Attempt);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
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

    // A run of the same name with another objective is another run: of another host, or started again.
    private ICheckpointAnalyzer AnalyzerOf(AnalyseCheckpoint job, RunProbe probe)
    {
        if (_analyzers.TryGetValue(job.Id.Run, out var known) && ReferenceEquals(known.Probe, probe))
        {
            return known.Analyzer;
        }

        Release(job.Id.Run);
        var analyzer = _settings.Analyzers.Create(probe);
        _analyzers.Add(job.Id.Run, (probe, analyzer));
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
                WorkerLog.ReleaseFailed(_settings.Logger, failure, run);
            }
        }
    }
}
