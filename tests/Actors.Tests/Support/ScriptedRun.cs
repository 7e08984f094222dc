using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>
/// A run's actor between a trainer and a dispatcher that do what the test says, on a clock that the test moves: every
/// step is settled before the next.
/// </summary>
internal sealed class ScriptedRun : IAsyncDisposable
{
    private static readonly CheckpointLayout Layout = new([new TensorSlot("w", [3], 0)], []);

    private readonly ActorSystem _system;
    private readonly IActorRef _metrics;
    private readonly Task<IActorRef> _trainer;
    private readonly RunResources _resources;
    private readonly string _run;

    public ScriptedRun(TrainingRequest request)
    {
        _run = request.Run;
        _system = CheckedMessages.Start("scripted", Clock);
        IReadOnlyList<IMonitorObserver> observers = [Observer];
        _metrics = _system.ActorOf(
            Props.Create(() =>
                new MetricsActor(
                    new CurvatureMetrics(null, null),
                    observers,
                    new RunCompletions(),
                    new Lazy<IMonitorObserver?>(() => null),
                    NullLogger<MetricsActor>.Instance,
                    null
                )
            )
        );
        var started = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        _trainer = started.Task;
        var probe = new RunProbe(request, BuiltInModels.Create(TinyRuns.Model));
        var kinds = request.Analyses.Select(cadence => cadence.Kind).ToList();
        var description = new RunDescription(_run, "m", "sgd", "d")
        {
            Momentum = 0,
            Parameters = 3,
            Steps = 100,
            ProbeSamples = 30,
            Started = Clock.GetUtcNow(),
            Analyses = kinds,
            Operators = ["hessian"],
        };
        var table = new ResourceTable();
        _resources = table.Open(_run, probe);
        var toStart = new RunsToStart();
        toStart.Add(
            new RunContext(request, description, _resources, Props.Create(() => new ScriptedTrainer(started)))
        );
        var services = new RunServices(Dispatcher, _metrics, table, Clock);
        var runs = _system.ActorOf(Props.Create(() => new RunsActor(toStart, services)));
        runs.Tell(new StartRun(_run), ActorRefs.NoSender);
        Runs = runs;
    }

    public ManualClock Clock { get; } = new();

    public ManualDispatcher Dispatcher { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public IActorRef Runs { get; }

    public Task Emit(long step, bool final = false)
    {
        var info = new CheckpointInfo(_run, step, Clock.GetUtcNow()) { LearningRate = 0.1, Loss = 1 };
        _resources.Keep(Checkpoint.From(info, Layout, [1.0, 2.0, 3.0]));
        return Say(new CheckpointEmitted(info, final));
    }

    public Task EndTraining() => Say(new TrainingEnded(RunOutcome.Finished, null, 1, 0));

    public async Task Answer(Func<JobId, JobAnswer> answer, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        Dispatcher.Answer(answer, step, kind);
        await Settled();
    }

    public Task Measure(long step, double seconds = 0, AnalysisKind kind = AnalysisKind.Spectrum) =>
        Answer(id => new Measured(id, Reports.Sharpness(step), new MeasurementCost(5, seconds, 10), 1), step, kind);

    public async Task Advance(double seconds)
    {
        Clock.Advance(seconds);
        await Settled();
    }

    /// <summary>Has the trainer tell its run something, and waits until that has had its effect.</summary>
    public async Task Say(object message)
    {
        (await _trainer).Tell(new Relay(message), ActorRefs.NoSender);
        await Settled();
    }

    /// <summary>The trainer crashes.</summary>
    public async Task Kill() => (await _trainer).Tell(Akka.Actor.Kill.Instance, ActorRefs.NoSender);

    public async Task Settled()
    {
        if (!Observer.Of<RunEnded>().Any())
        {
            // Goes the way of everything the trainer says; unanswered when the run has ended just now.
            await Task.WhenAny(
                (await _trainer).Ask<ActorIdentity>(new Relay(new Identify(null))),
                Observer.First<RunEnded>()
            );
        }

        await _metrics.Ask<Flushed>(Flush.Instance);
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    internal sealed record Relay(object Message) : INoSerializationVerificationNeeded;

    internal sealed class ScriptedTrainer : ReceiveActor
    {
        public ScriptedTrainer(TaskCompletionSource<IActorRef> started)
        {
            Receive<BeginTraining>(_ => started.SetResult(Self));
            Receive<StopTraining>(_ => Context.Parent.Tell(new TrainingEnded(RunOutcome.Stopped, null, 1, 0)));
            Receive<Relay>(relay => Context.Parent.Forward(relay.Message));
        }
    }
}
