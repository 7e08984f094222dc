using System.Globalization;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A broker, a host and two supervised workers, each a process of its own, as somebody starts them.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chaos-test-").FullName;
    private readonly List<HostProcess> _workers = [];
    private readonly string _lanczosSteps;
    private HostProcess? _host;

    private ProcessCluster(RabbitMqServer broker, int lanczosSteps)
    {
        Broker = broker;
        _lanczosSteps = lanczosSteps.ToString(CultureInfo.InvariantCulture);
    }

    internal static IReadOnlyList<string> WorkerNames { get; } = ["one", "two"];

    internal RabbitMqServer Broker { get; }

    internal ClusterWatch Watch { get; private set; } = null!;

    internal int Port { get; } = FreePort.Find();

    internal Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    /// <summary>The folder that the host watches.</summary>
    internal string Watched => Path.Combine(_folder, "watched");

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts everything.</summary>
    /// <param name="lanczosSteps">Steps a spectrum: how long a job takes.</param>
    /// <param name="workerOptions">Further options of the workers.</param>
    internal static async Task<ProcessCluster> StartAsync(int lanczosSteps = 16, params string[] workerOptions)
    {
        var cluster = new ProcessCluster(await RabbitMqServer.StartAsync(), lanczosSteps);
        try
        {
            Directory.CreateDirectory(cluster.Watched);
            await cluster.StartHostAsync();
            string instance = (await File.ReadAllTextAsync(Path.Combine(cluster.Data, "cluster", "instance"))).Trim();
            cluster.Watch = new ClusterWatch(BrokerAddress.Parse(cluster.Broker.UrlWithCredentials), instance);
            await Until.HoldsAsync("the watch listens", () => cluster.Watch.IsListening);
            foreach (string name in WorkerNames)
            {
                cluster._workers.Add(
                    HostProcess.Start([
                        "worker",
                        "--supervise",
                        "--broker",
                        cluster.Broker.UrlWithCredentials,
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
            "--broker",
            Broker.UrlWithCredentials,
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

    /// <summary>Whether a worker has the checkpoint of a job in its cache, and needs the host no more for it.</summary>
    internal bool HasFetched(JobId job)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"checkpoints/step-{job.Step:D8}.safetensors");
        string? own = new[]
        {
            Path.Combine(Watched, job.Run, name),
            Path.Combine(Data, "bundles", job.Run, name),
        }.FirstOrDefault(File.Exists);
        try
        {
            return own is not null
                && Directory
                    .EnumerateDirectories(Path.Combine(_folder, "cache", "entries"))
                    .Select(entry => Path.Combine(entry, name))
                    .Where(File.Exists)
                    .Any(file => File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(own)));
        }
        catch (IOException)
        {
            // The other worker makes room.
            return false;
        }
    }

    /// <summary>What a person is told of the cluster.</summary>
    internal async Task<string> StatusAsync()
    {
        using var status = HostProcess.Start("cluster", "status", "--json", "--broker", Broker.UrlWithCredentials);
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

        await Broker.DisposeAsync();
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
