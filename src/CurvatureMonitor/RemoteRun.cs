using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor;

/// <summary>
/// A run whose checkpoints are sent to a server, which measures them. One waits to be sent at most: a newer one takes
/// its place. What cannot be sent is counted, and the training continues.
/// </summary>
internal sealed class RemoteRun : ITrainingSink
{
    private readonly string _run;
    private readonly RemoteBundle _bundle;
    private readonly ServerConnection _server;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0);
    private Checkpoint? _waiting;
    private long _steps;
    private long _emitted;
    private long _superseded;
    private long _failed;
    private string? _problem;
    private (RunOutcome Outcome, string? Failure, double Training, double Emitting)? _end;

    private RemoteRun(string run, RemoteBundle bundle, ServerConnection server, CheckpointLayout layout)
    {
        (_run, _bundle, _server, Layout) = (run, bundle, server, layout);
        Completion = Task.Run(SendAllAsync);
    }

    /// <inheritdoc/>
    public CheckpointLayout Layout { get; }

    /// <inheritdoc/>
    public string? Url => _server.Url;

    /// <inheritdoc/>
    public bool IsOpen => _end is null;

    /// <inheritdoc/>
    public Task<RunSummary> Completion { get; }

    /// <summary>Sends model and probe set.</summary>
    /// <param name="options">The training.</param>
    /// <param name="trained">Its module.</param>
    /// <exception cref="UserErrorException">The server cannot be reached or refuses the run.</exception>
    /// <exception cref="BundleException">The TorchScript file cannot be used.</exception>
    public static async Task<RemoteRun> StartAsync(TrainingMonitorOptions options, TrainedModule trained)
    {
        var layout = new CheckpointLayout(trained.Parameters, trained.Buffers, trained.Discretes);
        var bundle = RemoteBundle.Of(options);
        var server = new ServerConnection(options.Server!, options.Token);
        try
        {
            await server.BeginAsync(options.Run, bundle.Files).ConfigureAwait(false);
            return new RemoteRun(options.Run, bundle, server, layout);
        }
        catch
        {
            server.Dispose();
            bundle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Report(long step, double? loss, double? learningRate) => Volatile.Write(ref _steps, step);

    /// <inheritdoc/>
    public void Emit(Checkpoint checkpoint, bool final)
    {
        Checkpoint? surplus;
        lock (_gate)
        {
            (surplus, _waiting) = (_waiting, checkpoint);
            _emitted++;
            _superseded += surplus is null ? 0 : 1;
        }

        surplus?.Dispose();
        _signal.Release();
    }

    /// <inheritdoc/>
    public void Refuse(long step, string reason)
    {
        lock (_gate)
        {
            _emitted++;
            _failed++;
            _problem = reason;
        }
    }

    /// <inheritdoc/>
    public void End(RunOutcome outcome, string? failure, double trainingSeconds, double emittingSeconds)
    {
        lock (_gate)
        {
            _end ??= (outcome, failure, trainingSeconds, emittingSeconds);
        }

        _signal.Release();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _bundle.Dispose();
        _signal.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RunSummary> SendAllAsync()
    {
        while (true)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            Checkpoint? next;
            bool isOver;
            lock (_gate)
            {
                (next, _waiting) = (_waiting, null);
                isOver = _end is not null;
            }

            if (next is not null)
            {
                await GuardedAsync(() => SendAsync(next), counts: true).ConfigureAwait(false);
            }

            if (isOver)
            {
                bool failed = _end!.Value.Outcome != RunOutcome.Finished;
                await GuardedAsync(() => _server.FinishAsync(_run, failed), counts: false).ConfigureAwait(false);
                return Summary();
            }
        }
    }

    private async Task SendAsync(Checkpoint checkpoint)
    {
        using (checkpoint)
        {
            var (path, info) = _bundle.Write(checkpoint);
            try
            {
                if (!await _server.TrySendAsync(_run, checkpoint.Step, path, info).ConfigureAwait(false))
                {
                    // A server that was restarted without its memory.
                    await _server.BeginAsync(_run, _bundle.Files).ConfigureAwait(false);
                    await _server.TrySendAsync(_run, checkpoint.Step, path, info).ConfigureAwait(false);
                }
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    private async Task GuardedAsync(Func<Task> send, bool counts)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            lock (_gate)
            {
                _failed += counts ? 1 : 0;
                _problem = exception.Message;
            }
        }
    }

    private RunSummary Summary()
    {
        var (outcome, failure, training, emitting) = _end!.Value;
        return new RunSummary
        {
            Run = _run,
            Outcome = outcome,
            Failure = failure ?? _problem,
            Steps = Volatile.Read(ref _steps),
            Emitted = _emitted,
            Failed = _failed,
            Dropped = new Dictionary<DropReason, long> { [DropReason.Superseded] = _superseded },
            TrainingSeconds = training,
            EmittingSeconds = emitting,
        };
    }
}
