using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Actors.Intake;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Monitoring;
using CurvatureMonitor.Actors.Pool;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Trainers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors;

/// <summary>
/// The monitor: trains runs and measures their checkpoints beside them. The only way in for a program.
/// </summary>
public sealed class MonitorSystem : IAsyncDisposable
{
    /// <summary>How long an orderly stop may take when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(4.5);

    private readonly MonitorOptions _options;
    private readonly CurvatureMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunCompletions _completions = new();
    private readonly ActorSystem _system;
    private readonly IActorRef _metricsActor;
    private readonly IActorRef _runs;
    private readonly IJobDispatcher _dispatcher;
    private readonly long _bytesPerJob;
    private TimeSpan _grace = DefaultGrace;
    private volatile bool _stopped;

    /// <summary>Starts the actors. Sets the threads of libtorch for the process.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="metrics">Where metrics go.</param>
    /// <param name="observers">Who learns every event.</param>
    /// <param name="loggers">Logs; none when null.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="analyzers">Who measures; the real ones when null.</param>
    /// <param name="journal">Learns every event before metrics and observers do, and none that is told again; none when
    /// null.</param>
    /// <param name="dispatchers">Makes what stands behind the seam where jobs are handed out; the curvature actors of
    /// this process when null, and only then are there any.</param>
    /// <exception cref="UserErrorException">The options are wrong.</exception>
    /// <exception cref="TorchException">The native library refused.</exception>
    public MonitorSystem(
        MonitorOptions options,
        CurvatureMetrics metrics,
        IEnumerable<IMonitorObserver>? observers = null,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null,
        ICheckpointAnalyzerFactory? analyzers = null,
        IMonitorObserver? journal = null,
        IJobDispatcherFactory? dispatchers = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        options.Validate();
        _options = options;
        _metrics = metrics;
        _time = time ?? TimeProvider.System;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("CurvatureMonitor.Actors");

        // Elsewhere there is other memory, which whoever measures there knows.
        _bytesPerJob = dispatchers is null
            ? options.BytesPerJob(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            : long.MaxValue;
        TorchRuntime.Threads = options.ThreadsOn(Environment.ProcessorCount);
        _system = Kernel.Start("curvature", _time, DefaultGrace, Log);
        IReadOnlyList<IMonitorObserver> all = [.. observers ?? [], _completions];
        var logger = _logger;
        _metricsActor = _system.ActorOf(
            Props.Create(() => new MetricsActor(metrics, all, logger, journal)),
            ActorNames.Metrics
        );
        _dispatcher = dispatchers is null
            ? CreatePool(analyzers ?? new CurvatureAnalyzerFactory(_time))
            : dispatchers.Create(new DispatcherContext(_system, _metricsActor, metrics, _time, _logger));
        if (_dispatcher is IMonitorObserver observer)
        {
            _metricsActor.Tell(new AddKeeper(observer));
        }

        _runs = _system.ActorOf(Props.Create(() => new RunsActor(_metricsActor, _time)), ActorNames.Runs);
        CoordinatedShutdown
            .Get(_system)
            .AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "wind-up-runs", WindUpAsync);
        if (dispatchers is null)
        {
            metrics.AddActor(ActorNames.Curvature);
        }

        metrics.AddCollector(Collect);
    }

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
        if (_stopped)
        {
            throw new MonitorStoppingException();
        }

        request = request with { Settings = Bounded(request.Settings) };
        var model = BuiltInModels.Create(request.Training.Model.Name, request.Training.Model.Arguments);
        var probe = new RunProbe(request, model);
        var description = Describe(request, probe);
        var completion = _completions.Begin(request.Run);
        var trainer = Props.Create(() => new TrainerActor(request, _time)).WithDispatcher(Kernel.PinnedDispatcher);
        _runs.Tell(
            new StartRun(new RunContext(request, description, probe, trainer, _dispatcher, _metricsActor, _time))
        );
        return new RunHandle(description, completion);
    }

    /// <summary>
    /// Starts to monitor a run that is trained elsewhere. Reads model and probe set before it returns.
    /// </summary>
    /// <param name="request">The run's bundle, and how to measure.</param>
    /// <returns>The run, to be told of its checkpoints.</returns>
    /// <exception cref="Storage.BundleException">A file of the bundle cannot be used, or model and probe set do not
    /// go together.</exception>
    /// <exception cref="UserErrorException">Another setting is wrong, or a run of that name is under way.</exception>
    /// <exception cref="TorchException">Memory is used up, or an operation of the model is not supported.</exception>
    /// <exception cref="MonitorStoppingException">The monitor is stopping.</exception>
    public IntakeHandle StartIntake(IntakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        if (_stopped)
        {
            throw new MonitorStoppingException();
        }

        request = request with { Settings = Bounded(request.Settings) };
        var source = BundleProbeSource.Open(request.Bundle, request.ElementType, request.Device);
        var probe = new RunProbe(request.Run, source);
        try
        {
            var description = Describe(request, probe);
            var completion = _completions.Begin(request.Run);
            var layout = source.Layout;
            var intake = Props
                .Create(() => new IntakeActor(request, layout, _time))
                .WithDispatcher(Kernel.PinnedDispatcher);
            _runs.Tell(
                new StartRun(new RunContext(request, description, probe, intake, _dispatcher, _metricsActor, _time))
            );
            return new IntakeHandle(description, layout, completion, _runs);
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    /// <summary>Tells metrics and observers again what an earlier process told of a run that is over.</summary>
    /// <param name="history">Its events, the oldest first.</param>
    /// <param name="toMetrics">Whether the metrics learn it, which show a run for a grace period after its end, and not
    /// the observers alone.</param>
    public void Recall(IEnumerable<MonitorEvent> history, bool toMetrics)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var past in history)
        {
            _metricsActor.Tell(new Replay(past, toMetrics));
        }
    }

    /// <summary>
    /// Stops in order: trainers after their current step; measurements are finished if they are quick, else given up
    /// between two curvature products; every finished one is delivered to metrics and observers, and every run reports
    /// its end.
    /// </summary>
    /// <param name="grace">How long all of it may take.</param>
    /// <returns>Done when everything has ended, or the time is over: what still computes then ends with the
    /// process.</returns>
    public async Task StopAsync(TimeSpan grace)
    {
        _stopped = true;
        _grace = grace;
        try
        {
            await CoordinatedShutdown
                .Get(_system)
                .Run(StopRequested.Instance)
                .WaitAsync(grace, _time)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            MonitorLog.StopTimedOut(_logger, grace.TotalSeconds);
        }

        _completions.Abandon();
        if (_dispatcher is IAsyncDisposable dispatcher)
        {
            await dispatcher.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops with <see cref="DefaultGrace"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DefaultGrace).ConfigureAwait(false);

    private PoolDispatcher CreatePool(ICheckpointAnalyzerFactory analyzers)
    {
        var pool = new PoolSettings(_options.CurvatureActors, _options.Attempts, analyzers, _time, _logger);
        return new PoolDispatcher(
            _system.ActorOf(Props.Create(() => new CurvaturePool(pool, _metricsActor)), ActorNames.Pool)
        );
    }

    private async Task<Done> WindUpAsync()
    {
        _stopped = true;

        // A measurement that ends in the first part of the time is quick. The longest part is for one curvature
        // product, which nothing can interrupt; what has not come back by then is given up, so that every run reports
        // its end in time.
        var stopped = _runs.Ask<AllRunsStopped>(StopAllRuns.Instance, _grace);
        if (!await EndsWithin(stopped, _grace * 0.3).ConfigureAwait(false))
        {
            _runs.Tell(CancelAllJobs.Instance, ActorRefs.NoSender);
            if (!await EndsWithin(stopped, _grace * 0.5).ConfigureAwait(false))
            {
                _runs.Tell(AbandonAllJobs.Instance, ActorRefs.NoSender);
                await EndsWithin(_completions.All, _grace * 0.1).ConfigureAwait(false);
            }
        }

        // The runs told their last before they stopped; what answers this has passed it on.
        await EndsWithin(_metricsActor.Ask<Flushed>(Flush.Instance, _grace), _grace * 0.1).ConfigureAwait(false);
        return Done.Instance;
    }

    private async Task<bool> EndsWithin(Task task, TimeSpan time)
    {
        try
        {
            await task.WaitAsync(time, _time).ConfigureAwait(false);
            return true;
        }
        catch (Exception late) when (late is TimeoutException or AskTimeoutException)
        {
            return false;
        }
    }

    // A job gets its share of the memory, in the order of docs/memory.md.
    private AnalysisSettings Bounded(AnalysisSettings settings) => settings.Within(_bytesPerJob);

    private RunDescription Describe(TrainingRequest request, RunProbe probe) =>
        Describe(
            request,
            probe,
            request.Training.Model.Name,
            request.TrainingData.Name,
            request.Training.Optimizer.Name,
            request.Training.Steps
        );

    private RunDescription Describe(IntakeRequest request, RunProbe probe)
    {
        var (model, training) = (request.Bundle.Manifest.Model, request.Bundle.Manifest.Training);
        string name = model is BuiltInModelReference builtIn ? builtIn.Name : ((TorchScriptModelReference)model).File;
        return Describe(request, probe, name, training.Dataset ?? "", training.Optimizer ?? "", steps: null);
    }

    private RunDescription Describe(
        MonitoringRequest request,
        RunProbe probe,
        string model,
        string dataset,
        string optimizer,
        long? steps
    ) =>
        new(request.Run, model, optimizer, dataset, request.Revision)
        {
            Momentum = probe.Optimizer?.Momentum,
            Damping = probe.Optimizer?.Damping,
            Parameters = probe.ParameterCount,
            Steps = steps,
            ProbeSamples = probe.SampleCount,
            Started = _time.GetUtcNow(),
            Analyses = [.. request.Analyses.Select(cadence => cadence.Kind)],
            Operators = [.. request.Settings.Operators.Select(kind => kind.Label())],
        };

    private void Collect(CurvatureMetrics metrics)
    {
        metrics.ReportNative(TorchRuntime.LiveObjects, TorchRuntime.LiveBytes);
        var depths = _system.WhenTerminated.IsCompleted ? new Dictionary<Type, long>() : Kernel.MailboxDepths(_system);
        foreach (var (type, name) in ActorNames.ByClass)
        {
            metrics.ReportMailboxDepth(name, depths.TryGetValue(type, out var depth) ? depth : null);
        }
    }

    private void Log(bool error, string text)
    {
        if (error)
        {
            MonitorLog.KernelError(_logger, text);
        }
        else
        {
            MonitorLog.KernelWarning(_logger, text);
        }
    }

    private sealed class StopRequested : CoordinatedShutdown.Reason
    {
        public static StopRequested Instance { get; } = new();
    }
}
