using System.Globalization;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>Hosts and a supervised worker, each on a machine of its own of a <see cref="TestNetwork"/>.</summary>
internal sealed class ScatteredCluster : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("network-test-").FullName;
    private readonly List<HostProcess> _hosts = [];
    private readonly string[] _join;
    private readonly HostProcess _worker;

    /// <summary>Starts hosts on machines 1 to n, and the worker on the one after them.</summary>
    internal ScatteredCluster(int hosts)
    {
        Network = TestNetwork.Create(hosts + 1);
        using (var authority = new TestAuthority())
        {
            authority.Write(Credentials);
        }

        File.WriteAllText(TokenFile, "of-the-network-test");
        int[] machines = [.. Enumerable.Range(1, hosts)];
        _join = [.. machines.SelectMany(machine => new[] { "--join", Endpoint(machine) })];
        foreach (int machine in machines)
        {
            Directory.CreateDirectory(Watched(machine));
            _hosts.Add(StartHost(machine, alone: hosts == 1));
        }

        WorkerMachine = hosts + 1;
        _worker = HostProcess.StartWithin(
            Network.On(WorkerMachine),
            [
                "worker",
                "--supervise",
                .. _join,
                "--credentials",
                Credentials,
                "--token-file",
                TokenFile,
                "--threads",
                "1",
                "--cache-dir",
                Path.Combine(_folder, "cache"),
            ]
        );
    }

    internal TestNetwork Network { get; }

    internal int WorkerMachine { get; }

    private string Credentials => Path.Combine(_folder, "credentials");

    private string TokenFile => Path.Combine(_folder, "token");

    /// <summary>The folder that the host of a machine watches.</summary>
    internal string Watched(int machine) => Path.Combine(_folder, "watched", Number(machine));

    /// <summary>A run's journal on the host of a machine.</summary>
    internal RunHistory History(int machine, string run) => new(Data(machine), run);

    /// <summary>How often a host has said something.</summary>
    internal int HostSaid(int machine, string text) => Count(_hosts[machine - 1].Errors, text);

    /// <summary>How often the worker, its supervisor among it, has said something.</summary>
    internal int WorkerSaid(string text) => Count(_worker.Errors, text);

    /// <summary>Everything that the processes said.</summary>
    internal string Say() =>
        string.Join('\n', _hosts.Select(host => $"host:\n{host.Output}{host.Errors}"))
        + $"worker:\n{_worker.Output}{_worker.Errors}";

    public void Dispose()
    {
        foreach (var process in _hosts.Append(_worker))
        {
            process.Dispose();
        }

        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private HostProcess StartHost(int machine, bool alone) =>
        HostProcess.StartWithin(
            Network.On(machine),
            [
                "serve",
                "--workers",
                "0",
                "--listen",
                Endpoint(machine),
                .. alone ? [] : _join,
                "--credentials",
                Credentials,
                "--token-file",
                TokenFile,
                "--address",
                TestNetwork.AddressOf(machine),
                "--watch",
                Watched(machine),
                "--data-dir",
                Data(machine),
                "--poll",
                "0.1",
                "--analyses",
                "spectrum",
                "--lanczos-steps",
                "8",
            ]
        );

    private string Data(int machine) => Path.Combine(_folder, "data", Number(machine));

    private static string Endpoint(int machine) => TestNetwork.AddressOf(machine) + ":4053";

    private static string Number(int machine) => machine.ToString(CultureInfo.InvariantCulture);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
