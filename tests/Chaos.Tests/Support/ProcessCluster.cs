using System.Globalization;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A host and two supervised workers, each a process of its own, as somebody starts them.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaos-test-").FullName;
    private readonly List<HostProcess> _workers = [];
    private readonly string _lanczosSteps;
    private HostProcess? _host;

    private ProcessCluster(int lanczosSteps) =>
        _lanczosSteps = lanczosSteps.ToString(CultureInfo.InvariantCulture);

    internal static IReadOnlyList<string> WorkerNames { get; } = ["one", "two"];

    internal ClusterWatch Watch { get; private set; } = null!;

    internal int Port { get; } = FreePort.Find();

    internal Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    /// <summary>The folder that the host watches.</summary>
    internal string Watched => Path.Combine(_folder, "watched");

    /// <summary>Where the host listens for the others of the cluster.</summary>
    internal string Listen { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Find()}");

    private string Credentials => Path.Combine(_folder, "credentials");

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts everything.</summary>
    /// <param name="lanczosSteps">Steps a spectrum: how long a job takes.</param>
    /// <param name="workerOptions">Further options of the workers.</param>
    internal static async Task<ProcessCluster> StartAsync(int lanczosSteps = 16, params string[] workerOptions)
    {
        var cluster = new ProcessCluster(lanczosSteps);
        try
        {
            using (var authority = new TestAuthority())
            {
                authority.Write(cluster.Credentials);
            }

            Directory.CreateDirectory(cluster.Watched);
            await cluster.StartHostAsync();
            cluster.Watch = new ClusterWatch(cluster.Address);
            foreach (string name in WorkerNames)
            {
                cluster._workers.Add(
                    HostProcess.Start([
                        "worker",
                        "--supervise",
                        "--join",
                        cluster.Listen,
                        "--credentials",
                        cluster.Credentials,
                        "--name",
                        name,
                        "--threads",
                        "1",
                        "--cache-dir",
                        Path.Combine(cluster._folder, "cache"),
                        "--cache-size",
                        "0.01",
                        .. workerOptions,
                    ])
                );
            }

            await Until.HoldsAsync(
                "both workers are there",
                () => WorkerNames.All(name => cluster.Watch.Worker(name) is not null),
                cluster.Say
            );
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    internal RunHistory History(string run) => new(Data, run);

    /// <summary>A path for a bundle that the host does not watch.</summary>
    internal string Aside(string name) => Path.Combine(_folder, "aside", name);

    internal async Task StartHostAsync()
    {
        _host = HostProcess.Start(
            "serve",
            "--workers",
            "0",
            "--listen",
            Listen,
            "--credentials",
            Credentials,
            "--watch",
            Watched,
            "--data-dir",
            Data,
            "--port",
            Port.ToString(CultureInfo.InvariantCulture),
            "--poll",
            "0.1",
            "--analyses",
            "spectrum",
            "--lanczos-steps",
            _lanczosSteps,
            "--threads",
            "1"
        );
        await _host.AddressAsync();
    }

    /// <summary>kill -9 of the host.</summary>
    internal async Task KillHostAsync()
    {
        await _host!.KillAsync();
        _host.Dispose();
        _host = null;
    }

    /// <summary>What a person is told of the cluster.</summary>
    internal async Task<string> StatusAsync()
    {
        using var status = HostProcess.Start("cluster", "status", "--json", "--url", Address.ToString());
        Assert.Equal(0, await status.ExitCodeAsync());
        return status.Output;
    }

    /// <summary>Everything that the processes said.</summary>
    internal string Say() =>
        $"host:\n{_host?.Output}{_host?.Errors}\n"
        + string.Join('\n', _workers.Select(worker => $"worker:\n{worker.Output}{worker.Errors}"));

    /// <summary>Stops workers and host in order.</summary>
    internal async Task StopAsync()
    {
        foreach (var process in _workers.Append(_host!))
        {
            await process.InterruptAsync();
            Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _host is null ? _workers : _workers.Append(_host))
        {
            process.Dispose();
        }

        if (Watch is not null)
        {
            await Watch.DisposeAsync();
        }

        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A training of a test that has failed writes on.
        }
    }
}
