using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor;

/// <summary>
/// Measures the curvature of a TorchSharp training beside it, in the same process. The training says when a step is
/// made; every k-th step its parameters are copied, and measured on threads of the monitor: no step waits for a
/// measurement, and the latest checkpoint wins. Used by the thread that trains.
/// </summary>
public sealed class TrainingMonitor : IAsyncDisposable
{
    private readonly TrainingMonitorOptions _options;
    private readonly ITrainingSink _sink;
    private readonly TrainingSnapshots _snapshots;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _started;
    private double? _loss;
    private long _emitted;
    private double _emittingSeconds;
    private bool _ended;

    private TrainingMonitor(TrainingMonitorOptions options, TrainedModule trained, ITrainingSink sink)
    {
        (_options, _sink) = (options, sink);
        _snapshots = new TrainingSnapshots(options.Run, trained, sink.Layout, options.Optimizer, _time);
        _started = _time.GetTimestamp();
    }

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Where page and metrics are; null where this monitor serves nothing itself.</summary>
    public string? Url => _sink.Url;

    /// <summary>
    /// Done when the run is over and everything is measured, or sent. Faults never for what happens to the run.
    /// </summary>
    public Task<RunSummary> Completion => _sink.Completion;

    private bool IsDue => Steps % _options.Every == 0 || Steps == _options.Steps;

    /// <summary>
    /// Starts a monitor for one training: it measures here, and serves page and metrics where a url is given, or it
    /// sends the checkpoints to a server.
    /// </summary>
    /// <param name="options">The training, and how to measure it.</param>
    /// <returns>The monitor; disposing it ends the run.</returns>
    /// <exception cref="UserErrorException">A setting is wrong, the port is in use, or the server refuses.</exception>
    /// <exception cref="DerivativeException">Module, loss and probe set do not go together.</exception>
    public static async Task<TrainingMonitor> StartAsync(TrainingMonitorOptions options)
    {
        var trained = Check(options);
        if (options.Server is not null)
        {
            return new TrainingMonitor(
                options,
                trained,
                await RemoteRun.StartAsync(options, trained).ConfigureAwait(false)
            );
        }

        var host = await MonitorHost.StartAsync(options).ConfigureAwait(false);
        try
        {
            return new TrainingMonitor(options, trained, LocalRun.Start(options, trained, host.Monitor, host));
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Monitors a training with the monitor of a program that has one
    /// (<see cref="CurvatureMonitorServices.AddCurvatureMonitor"/>), which serves it.</summary>
    /// <param name="options">The training; url, server, observers and settings are the program's.</param>
    /// <param name="monitor">The program's monitor.</param>
    /// <inheritdoc cref="StartAsync(TrainingMonitorOptions)"/>
    public static TrainingMonitor Start(TrainingMonitorOptions options, RunMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var trained = Check(options);
        return new TrainingMonitor(options, trained, LocalRun.Start(options, trained, monitor, host: null));
    }

    /// <summary>A step was made: call it after <c>optimizer.step()</c>.</summary>
    /// <param name="loss">The loss of its batch, one number. On a CUDA device it is read where a checkpoint is taken
    /// alone, since to read it waits for the device.</param>
    /// <exception cref="InvalidOperationException">The training has ended.</exception>
    public void Step(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        bool isCheap = loss.device_type == TorchSharp.DeviceType.CPU;
        Advance(() => isCheap || IsDue ? loss.detach().to(ScalarType.Float64).item<double>() : null);
    }

    /// <summary>A step was made: call it after <c>optimizer.step()</c>.</summary>
    /// <param name="loss">The loss of its batch; null where it is not known.</param>
    /// <exception cref="InvalidOperationException">The training has ended.</exception>
    public void Step(double? loss = null) => Advance(() => loss);

    /// <summary>
    /// The training has ended: its last state is emitted, and what is emitted is measured. Said twice, the first end
    /// counts.
    /// </summary>
    /// <param name="failure">One line: why it failed; null where it did not.</param>
    /// <returns>The run's summary.</returns>
    public Task<RunSummary> FinishAsync(string? failure = null)
    {
        if (!_ended)
        {
            if (Steps > _emitted && _sink.IsOpen)
            {
                Emit(final: true, Read());
            }

            _ended = true;
            double seconds = _time.GetElapsedTime(_started).TotalSeconds - _emittingSeconds;
            var outcome = failure is null ? RunOutcome.Finished : RunOutcome.Failed;
            _sink.End(outcome, failure?.ReplaceLineEndings(" "), seconds, _emittingSeconds);
        }

        return Completion;
    }

    /// <summary>
    /// Ends the run as finished, waits until everything is measured, and stops the monitor that was started with it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FinishAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The program's monitor was stopped before the run could be wound up.
        }

        await _sink.DisposeAsync().ConfigureAwait(false);
    }

    private void Advance(Func<double?> read)
    {
        if (_ended)
        {
            throw new InvalidOperationException($"the run '{_options.Run}' has ended: Step was called after its end");
        }

        Steps++;
        if (!_sink.IsOpen)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var mode = no_grad();
        _loss = read() is { } loss && double.IsFinite(loss) ? loss : null;
        var reading = Read();
        _sink.Report(Steps, _loss, reading?.LearningRate);
        if (IsDue)
        {
            Emit(final: Steps == _options.Steps, reading);
        }
    }

    private OptimizerReading? Read() =>
        _options.Optimizer is { } optimizer ? OptimizerReading.Of(optimizer) : null;

    private void Emit(bool final, OptimizerReading? reading)
    {
        long started = _time.GetTimestamp();
        _emitted = Steps;
        try
        {
            _sink.Emit(_snapshots.Take(Steps, _loss, reading), final);
        }
        catch (DerivativeException lost)
        {
            // A training does not fail because it cannot be measured.
            _sink.Refuse(Steps, lost.Message);
        }

        _emittingSeconds += _time.GetElapsedTime(started).TotalSeconds;
    }

    private static TrainedModule Check(TrainingMonitorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var trained = new TrainedModule(options.Module);
        var groups = options.Optimizer?.ParamGroups.OfType<TorchSharp.Modules.ParamGroup>().ToList() ?? [];
        if (
            groups.Count > 0
            && !trained.HasAny(groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Handle))
        )
        {
            throw new UserErrorException(
                $"the optimiser trains no parameter of the module {trained.Name}: give the one that does"
            );
        }

        return trained;
    }
}
