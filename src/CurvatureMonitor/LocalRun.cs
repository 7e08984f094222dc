using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Checkpoints;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor;

/// <summary>A run that is measured by the actors of this process.</summary>
internal sealed class LocalRun : ITrainingSink
{
    // A model, its first objective, and one more.
    private const int UsualInstances = 3;

    private readonly ModuleRunHandle _handle;
    private readonly ModuleInstances _instances;
    private readonly MonitorHost? _host;

    private LocalRun(ModuleRunHandle handle, ModuleInstances instances, MonitorHost? host) =>
        (_handle, _instances, _host) = (handle, instances, host);

    /// <inheritdoc/>
    public CheckpointLayout Layout => _handle.Layout;

    /// <inheritdoc/>
    public string? Url => _host?.Url;

    /// <inheritdoc/>
    public bool IsOpen => _handle.IsOpen;

    /// <inheritdoc/>
    public Task<RunSummary> Completion => _handle.Completion;

    /// <summary>Starts a run.</summary>
    /// <param name="options">The training.</param>
    /// <param name="trained">Its module.</param>
    /// <param name="monitor">Starts it.</param>
    /// <param name="host">The monitor's own host, which passes to the run; null where it is the program's.</param>
    /// <exception cref="DerivativeException">Module, loss and probe set do not go together.</exception>
    public static LocalRun Start(
        TrainingMonitorOptions options,
        TrainedModule trained,
        RunMonitor monitor,
        MonitorHost? host
    )
    {
        var instances = new ModuleInstances(options.Create, trained, UsualInstances);
        ModuleModel? model = null;
        Samples? probe = null;
        try
        {
            var type = TypeOf(options, trained);
            var device = options.Device is null ? trained.Device : Device.Parse(options.Device.ToString());
            model = ModuleModel.Of(instances.Take, type, device);
            probe = Samples.Of(options.ProbeInputs, options.ProbeTargets, type, device);
            return new LocalRun(monitor.StartModule(RequestOf(options, trained.Name, model, probe)), instances, host);
        }
        catch
        {
            probe?.Dispose();
            model?.Dispose();
            instances.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Report(long step, double? loss, double? learningRate) => _handle.Report(step, loss, learningRate);

    /// <inheritdoc/>
    public void Emit(Checkpoint checkpoint, bool final) => _handle.Emit(checkpoint, final);

    /// <inheritdoc/>
    public void Refuse(long step, string reason) => _handle.Refuse(step, reason);

    /// <inheritdoc/>
    public void End(RunOutcome outcome, string? failure, double trainingSeconds, double emittingSeconds) =>
        _handle.End(outcome, failure, trainingSeconds, emittingSeconds);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync().ConfigureAwait(false);
        }

        _instances.Dispose();
    }

    private static ElementType TypeOf(TrainingMonitorOptions options, TrainedModule trained) =>
        options.ElementType switch
        {
            null => trained.ElementType,
            ScalarType.Float64 => ElementType.Float64,
            _ => ElementType.Float32,
        };

    private static ModuleRequest RequestOf(
        TrainingMonitorOptions options,
        string name,
        ModuleModel model,
        Samples probe
    )
    {
        var reading = options.Optimizer is { } optimizer
            ? OptimizerReading.Of(optimizer, options.BatchSize, options.Samples)
            : null;
        return new ModuleRequest
        {
            Run = options.Run,
            Model = model,
            Probe = probe,
            Loss = options.Loss,
            ModelName = name,
            Dataset = options.Dataset,
            OptimizerName = reading?.Name ?? "",
            Optimizer = reading?.Description ?? new(),
            MicroBatch = options.MicroBatch,
            BatchNorm = options.BatchNorm,
            Steps = options.Steps,
            Analyses = options.Analyses,
            Settings = options.Settings,
            OverheadBudget = options.OverheadBudget,
        };
    }
}
