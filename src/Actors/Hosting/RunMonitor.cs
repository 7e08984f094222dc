using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Sources;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors;

/// <summary>
/// Starts runs and has them monitored: the service that a program injects, once
/// <see cref="CurvatureMonitorServices.AddCurvatureMonitor"/> has registered it and its host has started. Thread-safe.
/// </summary>
public sealed class RunMonitor
{
    private readonly MonitorActors _actors;
    private readonly RunCompletions _completions;
    private readonly MemoryShare _memory;
    private readonly TimeProvider _time;

    internal RunMonitor(MonitorActors actors, RunCompletions completions, MemoryShare memory, TimeProvider time) =>
        (_actors, _completions, _memory, _time) = (actors, completions, memory, time);

    /// <summary>Starts a training, monitored.</summary>
    /// <param name="request">What to train and how to measure.</param>
    /// <returns>The run.</returns>
    /// <exception cref="Training.TrainingConfigurationException">The training options are wrong.</exception>
    /// <exception cref="UserErrorException">Something else is, or a run of that name is under way.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public RunHandle StartTraining(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        _completions.ThrowIfClosed();
        request = request with { Settings = _memory.Bound(request.Settings) };
        var model = BuiltInModels.Create(request.Training.Model.Name, request.Training.Model.Arguments);
        var probe = new RunProbe(request, model);
        var description = RunDescriptions.Of(request, probe, _time.GetUtcNow());
        var completion = _completions.Begin(request.Run);
        Start(request, description, probe, TrainerActor.Props(request, _time));
        return new RunHandle(description, completion);
    }

    /// <summary>
    /// Starts to monitor a run that is trained elsewhere. Reads model and probe set before it returns.
    /// </summary>
    /// <param name="request">The run's bundle, and how to measure.</param>
    /// <returns>The run, to be notified of its checkpoints.</returns>
    /// <exception cref="Storage.BundleException">A file of the bundle cannot be used, or model and probe set do not
    /// go together.</exception>
    /// <exception cref="UserErrorException">Another setting is wrong, or a run of that name is under way.</exception>
    /// <exception cref="TorchException">Memory is used up, or an operation of the model is not supported.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public IntakeHandle StartIntake(IntakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        _completions.ThrowIfClosed();
        request = request with { Settings = _memory.Bound(request.Settings) };
        var source = BundleProbeSource.Open(request.Bundle, request.ElementType, request.Device);
        var probe = new RunProbe(request.Run, source);
        try
        {
            var description = RunDescriptions.Of(request, probe, _time.GetUtcNow());
            var completion = _completions.Begin(request.Run);
            var layout = source.Layout;
            Start(request, description, probe, IntakeActor.Props(request, layout, _time));
            return new IntakeHandle(description, layout, completion, _actors.Runs);
        }
        catch
        {
            probe.Dispose();
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

    private void Start(MonitoringRequest request, RunDescription description, RunProbe probe, Props source) =>
        _actors.Runs.Tell(
            new StartRun(
                new RunContext(request, description, probe, source, _actors.Dispatcher, _actors.Metrics, _time)
            ),
            ActorRefs.NoSender
        );
}
