using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>
/// The commands of a cluster as somebody types them: what is wrong is one line, and what was started ends.
/// </summary>
public sealed class CommandTests : IDisposable
{
    private const string Nowhere = "127.0.0.1:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-commands-").FullName;
    private readonly string _listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Find()}");
    private readonly string _url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}");

    public CommandTests()
    {
        using var authority = new TestAuthority();
        authority.Write(Credentials);
    }

    private string Credentials => Path.Combine(_folder, "credentials");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--join is needed", "worker")]
    [InlineData("--join is needed", "worker", "--supervise")]
    [InlineData("--join localhost: is no HOST:PORT", "worker", "--join", "localhost")]
    [InlineData("--join localhost: is no HOST:PORT", "worker", "--supervise", "--join", "localhost")]
    [InlineData("--credentials is needed", "worker", "--join", Nowhere)]
    [InlineData("--credentials is needed", "serve", "--listen", Nowhere)]
    [InlineData("/no/such: there is no such folder", "worker", "--join", Nowhere, "--credentials", "/no/such")]
    [InlineData("no host of a cluster answers there", "cluster", "status", "--url", "http://127.0.0.1:1")]
    [InlineData("--url h: give an address", "cluster", "status", "--url", "h")]
    [InlineData("device 'tpu' is unknown", "worker", "--join", Nowhere, "--credentials", "OWN", "--device", "tpu")]
    [InlineData("--threads 0", "worker", "--join", Nowhere, "--threads", "0")]
    [InlineData("--cache-size 0", "worker", "--join", Nowhere, "--cache-size", "0")]
    [InlineData("--job-timeout 0", "worker", "--join", Nowhere, "--job-timeout", "0")]
    [InlineData("--name a b", "worker", "--join", Nowhere, "--name", "a b")]
    [InlineData("--memory-budget 0", "worker", "--join", Nowhere, "--memory-budget", "0")]
    [InlineData("--public-url: is of use with --listen alone", "serve", "--public-url", "http://h:1")]
    [InlineData("--join: is of use with --listen alone", "serve", "--join", Nowhere)]
    [InlineData("--workers 0: nobody would measure", "serve", "--workers", "0")]
    [InlineData("--devices tpu: give names such as cuda:0,cuda:1", "serve", "--devices", "tpu")]
    [InlineData("--in-process: a host that gives", "serve", "--in-process", "--listen", Nowhere)]
    [InlineData("--worker-device tpu: choose from cpu, cuda", "serve", "--listen", Nowhere, "--worker-device", "tpu")]
    [InlineData("--public-url h: give an address", "serve", "--listen", Nowhere, "--public-url", "h")]
    public async Task A_mistake_gets_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        using var process = HostProcess.Start([.. arguments.Select(text => text == "OWN" ? Credentials : text)]);
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains(expected, Assert.Single(process.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string listen = taken.LocalEndpoint.ToString()!;
        string[][] commands =
        [
            ["worker", "--join", Nowhere, "--cache-dir", _folder],
            ["serve", "--port", "0", "--data-dir", Path.Combine(_folder, "data")],
        ];
        foreach (string[] command in commands)
        {
            using var process = HostProcess.Start([.. command, "--listen", listen, "--credentials", Credentials]);
            Assert.Equal(2, await process.ExitCodeAsync());
            Assert.Contains(
                $"cannot listen on {listen}",
                Assert.Single(process.Errors.Trim().Split('\n')),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_supervised_worker_comes_again_after_a_crash_and_ends_with_its_supervisor()
    {
        using var host = await ServeAsync();
        using var supervisor = Worker("watched");
        var first = await SeenAsync("watched", 0);
        await ProcessTree.SignalAsync(first.ProcessId, "KILL");
        var second = await SeenAsync("watched", first.ProcessId);
        Assert.Contains(
            "the worker watched was ended by signal 9 (SIGKILL); another one starts in 0.5 s",
            supervisor.Errors,
            StringComparison.Ordinal
        );
        Assert.Equal([second.ProcessId], ProcessTree.Of(supervisor.ProcessId).Skip(1));
        await supervisor.InterruptAsync();
        Assert.Equal(0, await supervisor.ExitCodeAsync());
        Assert.Empty(ProcessTree.Living([second.ProcessId]));
        await Until.HoldsAsync("it is seen no more", () => Status().All(worker => worker.Name != "watched"));
    }

    [Fact]
    public async Task A_worker_ends_when_its_supervisor_is_killed()
    {
        using var host = await ServeAsync();
        using var supervisor = Worker("orphan");
        var worker = await SeenAsync("orphan", 0);
        await supervisor.KillAsync();
        await Until.HoldsAsync("the worker has ended", () => !ProcessTree.Living([worker.ProcessId]).Any());
    }

    [Fact]
    public async Task Status_shows_a_person_what_is_there()
    {
        using var host = await ServeAsync();
        using var supervisor = Worker("shown");
        await SeenAsync("shown", 0);
        using var status = HostProcess.Start("cluster", "status", "--url", _url);
        Assert.Equal(0, await status.ExitCodeAsync());
        Assert.Matches(@"shown\s+idle\s+cpu", status.Output);
        Assert.Contains(_listen, status.Output, StringComparison.Ordinal);
        await supervisor.InterruptAsync();
        Assert.Equal(0, await supervisor.ExitCodeAsync());
    }

    private HostProcess Worker(string name) =>
        HostProcess.Start(
            "worker",
            "--supervise",
            "--join",
            _listen,
            "--credentials",
            Credentials,
            "--name",
            name,
            "--threads",
            "1",
            "--cache-dir",
            Path.Combine(_folder, "cache"),
            "--memory-budget",
            "100"
        );

    private async Task<(string Name, int ProcessId)> SeenAsync(string name, int former)
    {
        (string Name, int ProcessId) found = default;
        await Until.HoldsAsync($"worker {name} is seen", () =>
            (found = Status().FirstOrDefault(worker => worker.Name == name && worker.ProcessId != former)).Name
                is not null
        );
        return found;
    }

    private List<(string Name, int ProcessId)> Status()
    {
        using var process = HostProcess.Start("cluster", "status", "--json", "--url", _url);
        Assert.Equal(0, process.ExitCodeAsync().GetAwaiter().GetResult());
        using var document = JsonDocument.Parse(process.Output);
        return
        [
            .. document
                .RootElement.GetProperty("workers")
                .EnumerateArray()
                .Select(worker =>
                    (worker.GetProperty("name").GetString()!, worker.GetProperty("process_id").GetInt32())
                ),
        ];
    }

    private async Task<HostProcess> ServeAsync()
    {
        var host = HostProcess.Start(
            "serve",
            "--workers",
            "0",
            "--listen",
            _listen,
            "--credentials",
            Credentials,
            "--data-dir",
            Path.Combine(_folder, "data"),
            "--port",
            new Uri(_url).Port.ToString(CultureInfo.InvariantCulture)
        );
        await host.AddressAsync();
        return host;
    }
}
