using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Ends a system in phases. Tasks of one phase run side by side; the next phase begins when they are done or their time
/// is up. A task that fails or is late is logged and passed over in phases that recover (all of the built-in ones).
/// Runs once: the first reason stands.
/// </summary>
public sealed class CoordinatedShutdown
{
    /// <summary>Before the outside is told.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Take no new requests.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for requests in progress.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Stop services.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before leaving a cluster.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Kept for its name; nothing is sharded here.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>Leave the cluster.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>While leaving.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>Left.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>Shut the cluster's part down.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>Last chance to use actors.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actors stop.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ActorSystemImpl _system;
    private readonly IReadOnlyDictionary<string, ShutdownPhase> _phases;
    private readonly IReadOnlyList<string> _order;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Work)>> _tasks = [];
    private readonly Lock _gate = new();
    private Task<Done>? _run;
    private volatile bool _terminatesSystem;

    internal CoordinatedShutdown(ActorSystemImpl system, IReadOnlyDictionary<string, ShutdownPhase> phases)
    {
        _system = system;
        _phases = phases;
        _order = ShutdownPhase.TopologicalSort(phases);
        AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            _terminatesSystem = true;
            await _system.FinalTerminate().ConfigureAwait(false);
            return Done.Instance;
        });
        if (system.Setup.RunByClrShutdownHook)
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnProcessExit);
        }
    }

    /// <summary>Why the shutdown began; null before.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>Sum of the phases' timeouts.</summary>
    public TimeSpan TotalTimeout => _order.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));

    /// <summary>The coordinated shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => ((ActorSystemImpl)sys).CoordinatedShutdown;

    /// <summary>Adds a task to a phase; may be called while earlier phases run.</summary>
    /// <exception cref="ArgumentException">There is no such phase, or the name is empty.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        if (!_phases.ContainsKey(phase))
        {
            throw new ArgumentException(
                $"Unknown phase [{phase}]; there are [{string.Join(", ", _order)}].",
                nameof(phase)
            );
        }

        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks[phase] = tasks = [];
            }

            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs all phases, or from the given one on. Later calls return the same task.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null && !_phases.ContainsKey(fromPhase))
        {
            throw new ArgumentException(
                $"Unknown phase [{fromPhase}]; there are [{string.Join(", ", _order)}].",
                nameof(fromPhase)
            );
        }

        lock (_gate)
        {
            if (_run is null)
            {
                ShutdownReason = reason;

                // On the pool: the caller may be an actor that a phase waits for.
                _run = Task.Run(() =>
                    RunPhases(_order.SkipWhile(phase => fromPhase is not null && phase != fromPhase))
                );
            }

            return _run;
        }
    }

    /// <summary>Timeout of a phase.</summary>
    public TimeSpan Timeout(string phase) =>
        _phases.TryGetValue(phase, out var settings)
            ? settings.Timeout
            : throw new ArgumentException($"Unknown phase [{phase}]", nameof(phase));

    private async Task<Done> RunPhases(IEnumerable<string> phases)
    {
        foreach (var phase in phases)
        {
            List<(string Name, Func<Task<Done>> Work)> tasks;
            lock (_gate)
            {
                tasks = [.. _tasks.GetValueOrDefault(phase, [])];
            }

            await RunPhase(phase, _phases[phase], tasks).ConfigureAwait(false);
        }

        return Done.Instance;
    }

    private async Task RunPhase(string phase, ShutdownPhase settings, List<(string Name, Func<Task<Done>> Work)> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        var work = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Work, settings.Recover)));
        try
        {
            await work.WaitAsync(settings.Timeout, _system.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            if (!settings.Recover)
            {
                throw new TimeoutException(
                    $"Coordinated shutdown phase [{phase}] timed out after {settings.Timeout}",
                    e
                );
            }

            _system.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, settings.Timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> work, bool recover)
    {
        try
        {
            // Each on its own: one that blocks holds up neither the others nor the timeout.
            await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception e) when (recover)
        {
            _system.Log.Warning(e, "Task [{0}] failed in phase [{1}]", name, phase);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        // A termination that has come to its last phase already is waited for by whoever asked for it, or not at all.
        if (!_terminatesSystem)
        {
            Run(ClrExitReason.Instance).Wait(TotalTimeout);
        }
    }

    /// <summary>Why a shutdown began. Derive to name reasons of your own.</summary>
    public abstract class Reason
    {
        /// <summary>For derived classes.</summary>
        protected Reason() { }
    }

    /// <summary>No reason was given.</summary>
    public sealed class UnknownReason : Reason
    {
        private UnknownReason() { }

        /// <summary>The only value.</summary>
        public static Reason Instance { get; } = new UnknownReason();
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        private ActorSystemTerminateReason() { }

        /// <summary>The only value.</summary>
        public static Reason Instance { get; } = new ActorSystemTerminateReason();
    }

    /// <summary>The process ends.</summary>
    public sealed class ClrExitReason : Reason
    {
        private ClrExitReason() { }

        /// <summary>The only value.</summary>
        public static Reason Instance { get; } = new ClrExitReason();
    }
}
