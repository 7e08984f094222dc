using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Intake.Folders;

/// <summary>
/// A folder that is a run bundle, or has some one level down, looked at on a thread of its own: when the file system
/// notifies, and every so often in any case, since network file systems do not.
/// </summary>
internal sealed class DirectoryWatch : IDisposable
{
    private readonly string _root;
    private readonly IntakeService _service;
    private readonly Action<string> _notice;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly Dictionary<string, IntakeRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Opening> _opening = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Stamp, string Fingerprint)> _manifests = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Thread _thread;
    private FileSystemWatcher? _watcher;

    internal DirectoryWatch(
        string root,
        IntakeService service,
        TimeSpan interval,
        Action<string> notice,
        ILogger logger
    )
    {
        _root = Path.GetFullPath(root);
        _service = service;
        _interval = interval;
        _notice = notice;
        _logger = logger;
        _thread = new Thread(Watch) { IsBackground = true, Name = "watch " + root };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Cancel();

        // A folder on a network that hangs must not hold up the end of the process.
        if (_thread.Join(TimeSpan.FromSeconds(1)))
        {
            _watcher?.Dispose();
            _changed.Dispose();
            _stop.Dispose();
        }
    }

    private void Watch()
    {
        try
        {
            while (true)
            {
                Guarded(_root, Scan);
                _watcher ??= Notifications();
                _changed.Wait(_interval, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Scan()
    {
        if (!Directory.Exists(_root))
        {
            throw new BundleException(
                _root,
                null,
                "is not a directory",
                "make it, or watch another folder; it is looked for again and again"
            );
        }

        IEnumerable<string> folders = RunBundle.Exists(_root)
            ? [_root]
            : Directory.EnumerateDirectories(_root).Where(RunBundle.Exists).Order(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            _stop.Token.ThrowIfCancellationRequested();
            Guarded(folder, () => Look(folder));
        }

        _refused.Remove(_root);
    }

    private void Look(string folder)
    {
        if (_runs.TryGetValue(folder, out var run))
        {
            if (!run.HasEnded)
            {
                if (IsReplaced(folder))
                {
                    run.Replace();
                    return;
                }

                run.Scan();
                return;
            }

            // A run that has ended and says so no longer is one that was taken up again.
            if (run.Bundle.ReadFinish() is not null)
            {
                return;
            }

            _runs.Remove(folder);
        }

        if (_opening.TryGetValue(folder, out var opening))
        {
            if (opening.Description.IsCompleted)
            {
                _opening.Remove(folder);
                Start(folder, opening);
            }

            return;
        }

        if (
            _refused.TryGetValue(folder, out string? refusal)
            && refusal.StartsWith(Signature(folder), StringComparison.Ordinal)
        )
        {
            return;
        }

        var bundle = RunBundle.Open(folder);
        if (_service.IsOver(bundle))
        {
            _refused[folder] = Signature(folder);
            return;
        }

        // One whose model takes for ever to open holds no other up.
        opening = new Opening(bundle, _service.DescribeAsync(bundle, _stop.Token));
        if (opening.Description.IsCompleted)
        {
            Start(folder, opening);
            return;
        }

        _opening[folder] = opening;
        _ = opening.Description.ContinueWith(_ => Changed(), TaskScheduler.Default);
    }

    private void Start(string folder, Opening opening)
    {
        var run = _service.Start(opening.Bundle, opening.Description.GetAwaiter().GetResult());
        _runs[folder] = run;
        _manifests[folder] = (ManifestStamp(folder), run.Fingerprint);
        _refused.Remove(folder);
    }

    // What is wrong is said once, and looked at again when the folder's files have changed.
    private void Guarded(string folder, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (IntakeService.IsRefusal(exception))
        {
            string line = exception.Message.ReplaceLineEndings(" ");
            if (IsNews(folder, line))
            {
                _notice(line);
            }
        }
        catch (Exception bug) when (FailureClassifier.Classify(bug) == FailureKind.Bug)
        {
            // One folder must not end the watching of the others.
            if (IsNews(folder, bug.Message))
            {
                IntakeLog.WatchFailed(_logger, bug, folder);
            }
        }
        catch (MonitorStoppingException)
        {
            // So does the watch.
        }
    }

    private bool IsNews(string folder, string line)
    {
        string known = Signature(folder) + line;
        bool isNews = _refused.GetValueOrDefault(folder) != known;
        _refused[folder] = known;
        return isNews;
    }

    // Somebody has removed the folder and begun another run of that name in its place.
    private bool IsReplaced(string folder)
    {
        string stamp = ManifestStamp(folder);
        if (!_manifests.TryGetValue(folder, out var known) || known.Stamp == stamp || !RunBundle.Exists(folder))
        {
            return false;
        }

        string fingerprint = RunBundle.Open(folder).Fingerprint();
        _manifests[folder] = (stamp, fingerprint);
        return fingerprint != known.Fingerprint;
    }

    private static string ManifestStamp(string folder) => Stamp(folder, RunManifest.FileName);

    private static string Stamp(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "-";
    }

    private static string Signature(string folder)
    {
        string[] names = [RunManifest.FileName, ProbeSet.FileName, "model.pt", "loss.pt", FinishMark.FileName];
        return string.Concat(names.Select(name => Stamp(folder, name) + "|"));
    }

    private FileSystemWatcher? Notifications()
    {
        if (!Directory.Exists(_root))
        {
            return null;
        }

        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(_root, "*.json") { IncludeSubdirectories = true };
            watcher.Created += (_, _) => Changed();
            watcher.Renamed += (_, _) => Changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            // The system has no watch left to give; the folder is looked at every so often all the same.
            watcher?.Dispose();
            return null;
        }
    }

    private void Changed()
    {
        try
        {
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else said so just now, or nobody listens any more.
        }
    }
}
