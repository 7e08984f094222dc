using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training;

namespace CurvatureMonitor.Actors.Sources;

/// <summary>
/// Trains on a thread of its own, one step a message. Every k steps, and after the last, it takes a snapshot, passes it
/// to its parent and continues: it never waits for a measurement.
/// </summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "An actor's end is PostStop, on its own thread; nobody else may dispose what it holds."
)]
internal sealed class TrainerActor : ReceiveActor, IWithTimers
{
    private readonly TrainingRequest _request;
    private readonly RunResources _resources;
    private readonly TimeProvider _time;
    private Samples? _training;
    private Samples? _test;
    private TrainingRun? _run;
    private Vector? _buffers;
    private CheckpointLayout? _layout;
    private TrainingStep? _last;
    private long _emittedStep;
    private double _stepSeconds;
    private double _emittingSeconds;
    private bool _ended;

    public TrainerActor(TrainingRequest request, RunResources resources, TimeProvider time)
    {
        (_request, _resources, _time) = (request, resources, time);
        Receive<BeginTraining>(_ => Guarded(Begin));
        Receive<MakeStep>(_ => Guarded(Advance));
        Receive<StopTraining>(_ => End(RunOutcome.Stopped));
    }

    /// <summary>The recipe of the trainer of a run.</summary>
    /// <param name="request">What to train, and how.</param>
    /// <param name="resources">Receives the checkpoints.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(TrainingRequest request, RunResources resources, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new TrainerActor(request, resources, time))
            .Pinned()
            .CountedAs(ActorNames.Trainer);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop()
    {
        _buffers?.Dispose();
        _run?.Dispose();
        _test?.Dispose();
        _training?.Dispose();
    }

    private void Begin()
    {
        var options = _request.Training;
        _training = _request.TrainingData.ToSamples(options.ElementType, options.Device);
        _test = _request.TestData?.ToSamples(options.ElementType, options.Device);
        _run = new TrainingRun(options, _training, _test);
        _layout = CheckpointLayout.Of(_run.Model);
        _buffers = _run.BufferCount == 0 ? null : Vector.Zeros(_run.BufferCount, options.ElementType, options.Device);
        Self.Tell(MakeStep.Instance);
    }

    private void Advance()
    {
        if (_ended)
        {
            return;
        }

        var run = _run!;
        var started = _time.GetTimestamp();
        var step = run.Step();
        _stepSeconds += _time.GetElapsedTime(started).TotalSeconds;
        if (!step.IsFinite)
        {
            Report(step, evaluation: null);
            Diverge(step);
            return;
        }

        _last = step;
        var evaluation =
            run.IsFinished || (_request.EvaluateEvery > 0 && step.Step % _request.EvaluateEvery == 0)
                ? run.Evaluate()
                : null;
        Report(step, evaluation);
        if (run.IsFinished || step.Step % _request.CheckpointEvery == 0)
        {
            Emit(step, run.IsFinished);
        }

        if (run.IsFinished)
        {
            End(RunOutcome.Finished);
        }
        else
        {
            GoOn(_time.GetElapsedTime(started));
        }
    }

    // A timer, not a sleep: a stop must not wait for the pace.
    private void GoOn(TimeSpan spent)
    {
        if (_request.Pace > spent)
        {
            Timers.StartSingleTimer(MakeStep.Instance, MakeStep.Instance, _request.Pace - spent);
        }
        else
        {
            Self.Tell(MakeStep.Instance);
        }
    }

    private void Report(TrainingStep step, Evaluation? evaluation) =>
        Context.Parent.Tell(new TrainingProgress(step, evaluation, _time.GetUtcNow()));

    private void Diverge(TrainingStep step)
    {
        // The parameters are still those before the step that failed: the state at which the run broke is the most
        // telling of all.
        if (_last is { } last && last.Step != _emittedStep)
        {
            Emit(last, final: true);
        }

        var what = double.IsFinite(step.Loss) ? "the norm of the gradient" : "the loss";
        var value = double.IsFinite(step.Loss) ? step.GradientNorm : step.Loss;
        End(
            RunOutcome.Diverged,
            $"{what} at step {step.Step} is {value}: lower the learning rate ({step.LearningRate}), or warm it up"
        );
    }

    private void Emit(TrainingStep step, bool final)
    {
        var started = _time.GetTimestamp();
        var run = _run!;
        if (_buffers is not null)
        {
            run.GetBuffers(_buffers);
        }

        var info = new CheckpointInfo(_request.Run, step.Step, _time.GetUtcNow())
        {
            Loss = step.Loss,
            LearningRate = step.LearningRate,
            OptimizerStep = run.Optimizer.StepCount,
        };
        _resources.Keep(
            Checkpoint.Capture(info, _layout!, run.Parameters, _buffers, run.Optimizer.SecondMoment)
        );
        _emittedStep = step.Step;
        Context.Parent.Tell(new CheckpointEmitted(info, final));
        _emittingSeconds += _time.GetElapsedTime(started).TotalSeconds;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            // Training is not tried again: a run that goes back unasked would be another run.
            End(RunOutcome.Failed, failure.Message.ReplaceLineEndings(" "));
        }
    }

    private void End(RunOutcome outcome, string? failure = null)
    {
        if (!_ended)
        {
            _ended = true;
            Context.Parent.Tell(new TrainingEnded(outcome, failure, _stepSeconds, _emittingSeconds));
            Context.Stop(Self);
        }
    }
}
