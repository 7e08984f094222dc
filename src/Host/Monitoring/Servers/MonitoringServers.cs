using System.ComponentModel;
using System.Globalization;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Host.Server;

namespace CurvatureMonitor.Host.Monitoring.Servers;

/// <summary>
/// Prometheus and Alertmanager beside the monitor, as far as they are installed: children with the project's rules,
/// free ports and a temporary folder.
/// </summary>
internal sealed class MonitoringServers : IAsyncDisposable
{
    /// <summary>What Debian calls Alertmanager, and what everybody else does.</summary>
    private static readonly string[] AlertmanagerNames = ["prometheus-alertmanager", "alertmanager"];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly List<ChildServer> _servers = [];

    private MonitoringServers(string folder) => _folder = folder;

    /// <summary>Prometheus; null where it is not installed.</summary>
    internal ChildServer? Prometheus { get; private set; }

    /// <summary>Alertmanager; null where it is not installed.</summary>
    internal ChildServer? Alertmanager { get; private set; }

    /// <summary>Starts what is installed. It does not wait until it answers.</summary>
    /// <param name="monitor">What to scrape.</param>
    /// <param name="rules">The folder with the project's rules and its alertmanager.yml.</param>
    /// <param name="notice">Told, in one line each, what cannot be started.</param>
    internal static MonitoringServers Start(Uri monitor, string rules, Action<string> notice)
    {
        var servers = new MonitoringServers(Directory.CreateTempSubdirectory("curvature-prometheus-").FullName);
        try
        {
            servers.Alertmanager = servers.StartAlertmanager(rules, notice);
            servers.Prometheus = servers.StartPrometheus(monitor, rules, notice);
        }
        catch
        {
            servers.Kill();
            throw;
        }

        return servers;
    }

    /// <summary>Waits until they answer, and says once where they are.</summary>
    /// <param name="notice">Told one line a server.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal async Task AnnounceAsync(Action<string> notice, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        foreach (var server in _servers)
        {
            notice(
                await server.ReadyAsync(client, Timeout, cancellation).ConfigureAwait(false)
                    ?? $"{server.Name}: {server.Address}"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }

        RemoveFolder();
    }

    private static Uri FreeAddress() =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Free()}/"));

    private ChildServer? StartAlertmanager(string folder, Action<string> notice)
    {
        var address = FreeAddress();
        return Start(
            "Alertmanager",
            AlertmanagerNames,
            address,
            notice,
            [
                $"--config.file={Path.Combine(folder, "alertmanager.yml")}",
                $"--storage.path={Path.Combine(_folder, "alertmanager")}",
                $"--web.listen-address={address.Authority}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ]
        );
    }

    private ChildServer? StartPrometheus(Uri monitor, string rules, Action<string> notice)
    {
        var address = FreeAddress();
        List<string> files =
        [
            .. ServerFiles
                .Rules(rules)
                .Select(path =>
                    Write(Path.GetFileName(path), ServerFiles.WithRunbooksAt(monitor, File.ReadAllText(path)))
                ),
        ];
        string configuration = Write("prometheus.yml", ServerFiles.Prometheus(monitor, Alertmanager?.Address, files));
        return Start(
            "Prometheus",
            ["prometheus"],
            address,
            notice,
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(_folder, "prometheus")}",
                $"--web.listen-address={address.Authority}",
                "--log.level=warn",
            ]
        );
    }

    private ChildServer? Start(
        string name,
        IEnumerable<string> programs,
        Uri address,
        Action<string> notice,
        IEnumerable<string> arguments
    )
    {
        if (programs.Select(ToolSearch.Find).FirstOrDefault(path => path is not null) is not { } program)
        {
            notice(
                $"{name} is not installed: no alerts here (Debian: apt-get install prometheus prometheus-alertmanager)"
            );
            return null;
        }

        try
        {
            var server = ChildServer.Start(name, program, address, arguments);
            _servers.Add(server);
            return server;
        }
        catch (Win32Exception failure)
        {
            notice($"{name} cannot be started: {failure.Message}");
            return null;
        }
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Kill()
    {
        foreach (var server in _servers)
        {
            server.DisposeAsync().AsTask().Wait();
        }

        RemoveFolder();
    }

    private void RemoveFolder()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that the system clears; no reason to end a demo with an error.
        }
    }
}
