using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Sources;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors;

/// <summary>
/// Starts runs and has them monitored: the service that a program injects, once
/// <see cref="MonitorActorsServices.AddMonitorActors"/> has registered it and its host has started. Thread-safe.
/// </summary>
public sealed class RunMonitor
{
    private readonly MonitorActors _actors;
    private readonly RunsToStart _toStart;
    private readonly ResourceTable _resources;
    private readonly RunCompletions _completions;
    private readonly MemoryShare _memory;
    private readonly TimeProvider _time;

    internal RunMonitor(
        MonitorActors actors,
        RunsToStart toStart,
        ResourceTable resources,
        RunCompletions completions,
        MemoryShare memory,
        TimeProvider time
    ) =>
        (_actors, _toStart, _resources, _completions, _memory, _time) = (
            actors,
            toStart,
            resources,
            completions,
            memory,
            time
        );

    /// <summary>Starts a training, monitored.</summary>
    /// <param name="request">What to train and how to measure.</param>
    /// <returns>The run.</returns>
    /// <exception cref="Training.Arguments.TrainingConfigurationException">The training options are wrong.</exception>
    /// <exception cref="UserErrorException">Something else is, or a run of that name is under way.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public RunHandle StartTraining(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        _completions.ThrowIfClosed();
        request = request with { Settings = _memory.Bound(request.Settings) };
        var model = BuiltInModels.Create(request.Training.Model.Name, request.Training.Model.Arguments);
        RequestedModules.Require(request, [.. model.Parameters.Select(SlotOf)]);
        var probe = new RunProbe(request, model);
        var description = RunDescriptions.Of(request, probe, _time.GetUtcNow());
        var completion = _completions.Begin(request.Run);
        var resources = _resources.Open(request.Run, probe);
        Start(new RunContext(request, description, resources, TrainerActor.Props(request, resources, _time)));
        return new RunHandle(description, completion);
    }

    /// <summary>
    /// Starts to monitor a run that is trained elsewhere. Reads model and probe set before it returns, unless the
    /// request describes them.
    /// </summary>
    /// <param name="request">The run's bundle, and how to measure.</param>
    /// <returns>The run, to be notified of its checkpoints.</returns>
    /// <exception cref="Storage.BundleException">A file of the bundle cannot be used, or model and probe set do not
    /// go together.</exception>
    /// <exception cref="UserErrorException">Another setting is wrong, or a run of that name is under way.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation of the model is not
    /// supported.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public IntakeHandle StartIntake(IntakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        _completions.ThrowIfClosed();
        request = request with { Settings = _memory.Bound(request.Settings) };
        var source = Open(request);
        var probe = new RunProbe(request.Run, source);
        try
        {
            (request, string? note) = RequestedModules.Fit(request, source.Layout.Parameters);
            var description = RunDescriptions.Of(request, probe, _time.GetUtcNow());
            var completion = _completions.Begin(request.Run);
            var resources = _resources.Open(request.Run, probe);
            var intake = IntakeActor.Props(request, source.Layout, resources, _time);
            Start(new RunContext(request, description, resources, intake));
            return new IntakeHandle(description, source.Layout, completion, _actors.Runs) { Note = note };
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    /// <summary>Starts to monitor a module that the calling program trains itself.</summary>
    /// <param name="request">The module as it is measured, and how. Where it is refused, model and samples stay the
    /// caller's.</param>
    /// <returns>The run, to be given the checkpoints.</returns>
    /// <exception cref="UserErrorException">A setting is wrong, or a run of that name is under way.</exception>
    /// <exception cref="DerivativeException">Module, loss and probe set do not go together.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public ModuleRunHandle StartModule(ModuleRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        RequestedModules.Require(request, request.Model.Parameters);
        _completions.ThrowIfClosed();
        request = request with { Settings = _memory.Bound(request.Settings) };
        var layout = new CheckpointLayout(
            request.Model.Parameters,
            request.Model.Buffers,
            request.Model.Discretes
        );
        var completion = _completions.Begin(request.Run);
        try
        {
            var probe = new RunProbe(request.Run, new ModuleProbeSource(request));
            var description = RunDescriptions.Of(request, probe, _time.GetUtcNow());
            var resources = _resources.Open(request.Run, probe);
            var feed = new CheckpointFeed();
            Start(new RunContext(request, description, resources, FeedActor.Props(feed, resources)));
            return new ModuleRunHandle(description, layout, completion, feed, _actors.Runs, _time);
        }
        catch
        {
            _completions.Withdraw(request.Run);
            throw;
        }
    }

    /// <summary>
    /// Repeats for metrics and observers the events of a run that an earlier process brought to its end.
    /// </summary>
    /// <param name="history">Its events, the oldest first.</param>
    /// <param name="toMetrics">Whether the metrics learn it, which show a run for a grace period after its end, and not
    /// the observers alone.</param>
    public void Recall(IEnumerable<MonitorEvent> history, bool toMetrics)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var past in history)
        {
            _actors.Metrics.Tell(new Replay(past, toMetrics), ActorRefs.NoSender);
        }
    }

    // Where it lies in the flat vector makes no difference to its name.
    private static TensorSlot SlotOf(InitializedTensor tensor) => new(tensor.Spec.Name, tensor.Spec.Shape, 0);

    private static BundleSource Open(IntakeRequest request) =>
        request.Description is { } known
            ? new DescribedProbeSource(request.Bundle, known, request.Device)
            : BundleProbeSource.Open(request.Bundle, request.ElementType, request.Device);

    private void Start(RunContext context)
    {
        _toStart.Add(context);
        _actors.Runs.Tell(new StartRun(context.Description.Run), ActorRefs.NoSender);
    }
}
