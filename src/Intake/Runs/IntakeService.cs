using System.Collections.Concurrent;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Intake.Retention;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>
/// The runs that come from outside, from watched folders and over HTTP alike: starts them, takes them up again after a
/// restart, and keeps the disk within its bounds. Thread-safe.
/// </summary>
internal sealed partial class IntakeService(
    DataDirectory data,
    IntakeOptions options,
    RunJournals journals,
    TimeProvider time,
    Action<string> notice
) : IMonitorObserver
{
    private readonly Lock _starting = new();
    private readonly ConcurrentDictionary<string, IntakeRun> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CheckpointUses> _uses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RunBundle> _owned = new(StringComparer.Ordinal);
    private RunMonitor? _monitor;
    private int _sweepDue = 1;

    internal DataDirectory Data => data;

    internal IntakeOptions Options => options;

    /// <summary>
    /// Whether workers may fetch the files of a run's checkpoint still, whatever has become of it; nobody does where
    /// null.
    /// </summary>
    internal Func<string, long, bool>? IsInUse { get; init; }

    /// <summary>Opens bundles in other processes; this one does where null.</summary>
    internal IBundleInspector? Inspector { get; init; }

    /// <summary>Whether runs can be started.</summary>
    internal bool IsReady => _monitor is not null;

    /// <summary>
    /// Takes up what an earlier process left: runs that are over are told again, the others continue.
    /// </summary>
    /// <param name="monitor">The monitor.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task RestoreAsync(RunMonitor monitor, CancellationToken cancellation)
    {
        _monitor = monitor;
        foreach (string path in data.Journals())
        {
            Recall(path);
        }

        var folders = Directory.EnumerateDirectories(data.Bundles).Order(StringComparer.Ordinal);
        await Task.WhenAll([.. folders.Select(folder => TakeUpAsync(folder, cancellation))]).ConfigureAwait(false);
    }

    private async Task TakeUpAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            var bundle = RunBundle.Open(folder);
            _owned[bundle.Manifest.Run] = bundle;
            if (!IsOver(bundle))
            {
                Start(bundle, await DescribeAsync(bundle, cancellation).ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            notice($"{Path.GetFileName(folder)} is not taken up again: {exception.Message}");
        }
    }

    /// <summary>Learns what a bundle holds from another process.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null where this process opens bundles itself, when their runs start.</returns>
    /// <exception cref="UserErrorException">It cannot be measured.</exception>
    internal Task<BundleDescription?> DescribeAsync(RunBundle bundle, CancellationToken cancellation) =>
        Inspector is { } inspector
            ? inspector.InspectAsync(bundle, cancellation)
            : Task.FromResult<BundleDescription?>(null);

    /// <summary>The run of that name, under way or just ended.</summary>
    internal IntakeRun? Find(string run) => _runs.GetValueOrDefault(run);

    /// <summary>Whether a bundle's run was brought to its end, here or in an earlier process.</summary>
    internal bool IsOver(RunBundle bundle)
    {
        if (bundle.ReadFinish() is null)
        {
            return false;
        }

        string path = data.JournalPath(bundle.Manifest.Run);
        return File.Exists(path)
            && RunJournal.ReadEnd(path) is not null
            && RunJournal.ReadHeader(path)?.Bundle == bundle.Fingerprint();
    }

    /// <summary>Starts a run, or continues with it.</summary>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="description">What <see cref="DescribeAsync"/> said of it.</param>
    /// <exception cref="BundleException">A file cannot be used, or another bundle has the name.</exception>
    /// <exception cref="UserErrorException">What it asks for is wrong.</exception>
    /// <exception cref="MonitorStoppingException">The server is stopping.</exception>
    /// <remarks>What the engine refuses passes through: no memory left, an operation that is not supported.</remarks>
    internal IntakeRun Start(RunBundle bundle, BundleDescription? description)
    {
        var monitor = _monitor ?? throw new InvalidOperationException("the server is starting");
        string name = bundle.Manifest.Run;
        lock (_starting)
        {
            if (_runs.TryGetValue(name, out var known) && !known.HasEnded)
            {
                return known.Bundle.Directory == bundle.Directory
                    ? known
                    : throw new BundleException(
                        bundle.Directory,
                        "run",
                        $"is '{name}', and a run of that name is under way in {known.Bundle.Directory}",
                        "give this run another name"
                    );
            }

            if (IsOwned(bundle))
            {
                _owned[name] = bundle;
            }

            var run = Begin(monitor, bundle, description);
            _runs[name] = run;
            run.Scan();
            return run;
        }
    }

    public void OnEvent(MonitorEvent monitorEvent)
    {
        if (monitorEvent.Run is not { } name)
        {
            return;
        }

        var run = UsesOf(name);
        Find(name)?.Hear(monitorEvent);
        switch (monitorEvent)
        {
            case CheckpointDropped { Abandoned: true }:
                // Its step may have come again by now.
                return;
            case CheckpointTaken taken:
                run.Add(taken.Step);
                return;
            case CheckpointMeasured measured:
                run.Settle(measured.Step, CheckpointUse.Measured);
                break;
            case AnalysisFailed failed:
                run.Settle(failed.Step, CheckpointUse.Passed);
                break;
            case CheckpointDropped dropped:
                run.Settle(dropped.Step, CheckpointUse.Passed);
                break;
            default:
                return;
        }

        MarkForSweep();
    }

    public void OnReplayed(MonitorEvent monitorEvent)
    {
        if (monitorEvent is RunBranched { Run: { } name } branched)
        {
            UsesOf(name).Forget(branched.Step);
        }

        OnEvent(monitorEvent);
    }

    /// <summary>
    /// Whether an exception says that a bundle cannot be taken, rather than that the server is broken.
    /// </summary>
    internal static bool IsRefusal(Exception exception) =>
        exception is IOException or UnauthorizedAccessException
        || FailureClassifier.Classify(exception) is FailureKind.UserError or FailureKind.Measurement;

    private CheckpointUses UsesOf(string run) => _uses.GetOrAdd(run, _ => new CheckpointUses());

    /// <summary>
    /// Whether a bundle is the server's own. Watched folders are somebody else's: nothing is ever removed there.
    /// </summary>
    internal bool IsOwned(RunBundle bundle) => bundle.Directory == data.BundlePath(bundle.Manifest.Run);

    private IntakeRun Begin(RunMonitor monitor, RunBundle bundle, BundleDescription? description)
    {
        string name = bundle.Manifest.Run;
        string path = data.JournalPath(name);
        string fingerprint = bundle.Fingerprint();
        var journal = RunJournal.Open(path, name, fingerprint);
        journals.Add(name, journal);
        try
        {
            var sessions = new WriterSessions();
            var refused = new RefusedCheckpoints();
            var history = new Queue<MonitorEvent>();
            foreach (var past in RunJournal.Read(path, Damaged))
            {
                sessions.Recall(past);
                refused.Hear(past);
                history.Enqueue(past);
            }

            var handle = monitor.StartIntake(
                options.RequestFor(bundle) with
                {
                    Description = description,
                    MeasureAll = bundle.ReadFinish() is not null,
                    History = Emptied(history),
                }
            );
            if (handle.Note is { } note)
            {
                notice($"run {name}: {note}");
            }

            return new IntakeRun(bundle, handle, UsesOf(name), sessions, refused) { Fingerprint = fingerprint };
        }
        catch
        {
            journals.Remove(name);
            throw;
        }

        void Damaged(long line) =>
            notice(
                $"{path}: line {line} is damaged and is passed over; what it told is measured again where the "
                    + $"checkpoint is still there"
            );
    }

    // The request lives as long as the run, and what was told long ago must not.
    private static IEnumerable<MonitorEvent> Emptied(Queue<MonitorEvent> history)
    {
        while (history.TryDequeue(out var past))
        {
            yield return past;
        }
    }

    private void Recall(string path)
    {
        if (RunJournal.ReadEnd(path) is { } ended)
        {
            _monitor!.Recall(RunJournal.Read(path), toMetrics: time.GetUtcNow() - ended.Time < options.GracePeriod);
        }
    }
}
