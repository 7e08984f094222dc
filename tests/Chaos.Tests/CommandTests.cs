using System.Text.Json;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>
/// The commands of a cluster as somebody types them: what is wrong is one line, and what was started ends.
/// </summary>
public sealed class CommandTests : IClassFixture<CommandTests.Broker>, IDisposable
{
    private const string Nowhere = "amqp://127.0.0.1:1";

    private readonly RabbitMqServer _broker;
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-commands-").FullName;

    public CommandTests(Broker broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        _broker = broker.Server;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--broker is needed", "worker")]
    [InlineData("--broker is needed", "worker", "--supervise")]
    [InlineData("--broker is needed", "cluster", "status")]
    [InlineData("it is no address of a broker", "worker", "--broker", "localhost")]
    [InlineData("it is no address of a broker", "worker", "--supervise", "--broker", "localhost")]
    [InlineData("'99999' is no port", "cluster", "status", "--broker", "amqp://h:99999")]
    [InlineData("cannot be reached (Connection refused)", "cluster", "status", "--broker", Nowhere)]
    [InlineData("device 'tpu' is unknown", "worker", "--broker", Nowhere, "--device", "tpu")]
    [InlineData("--threads 0", "worker", "--broker", Nowhere, "--threads", "0")]
    [InlineData("--cache-size 0", "worker", "--broker", Nowhere, "--cache-size", "0")]
    [InlineData("--job-timeout 0", "worker", "--broker", Nowhere, "--job-timeout", "0")]
    [InlineData("--name a b", "worker", "--broker", Nowhere, "--name", "a b")]
    [InlineData("--memory-budget 0", "worker", "--broker", Nowhere, "--memory-budget", "0")]
    [InlineData(
        "--token-file /no/such/file: cannot be read",
        "worker",
        "--broker",
        Nowhere,
        "--token-file",
        "/no/such/file"
    )]
    [InlineData(
        "/no/such/file: cannot be read",
        "cluster",
        "status",
        "--broker",
        Nowhere,
        "--broker-credentials-file",
        "/no/such/file"
    )]
    [InlineData("--public-url: is of use with --broker alone", "serve", "--public-url", "http://h:1")]
    [InlineData("--worker-device tpu: choose from cpu, cuda", "serve", "--broker", Nowhere, "--worker-device", "tpu")]
    [InlineData("--shared-dir /no/such/folder", "serve", "--broker", Nowhere, "--shared-dir", "/no/such/folder")]
    [InlineData("--public-url h: give an address", "serve", "--broker", Nowhere, "--public-url", "h")]
    public async Task A_mistake_gets_one_line_and_exit_code_2(string expected, params string[] arguments)
    {
        using var process = HostProcess.Start(arguments);
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains(expected, Assert.Single(process.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task A_broker_that_refuses_is_one_line_without_the_password()
    {
        string wrong = $"amqp://{RabbitMqServer.User}:wrong-word@127.0.0.1:{_broker.Port}/%2Fcurvature";
        string[][] commands =
        [
            ["worker", "--cache-dir", _folder],
            ["worker", "--supervise", "--cache-dir", _folder],
            ["cluster", "status"],
            ["serve", "--port", "0", "--data-dir", _folder],
        ];
        foreach (string[] command in commands)
        {
            await RefusedAsync([.. command, "--broker", wrong], $"access refused for user '{RabbitMqServer.User}'");
            await RefusedAsync(
                [
                    .. command,
                    "--broker",
                    _broker.UrlWithCredentials.Replace("%2Fcurvature", "elsewhere", StringComparison.Ordinal),
                ],
                "there is no virtual host 'elsewhere'"
            );
        }

        async Task RefusedAsync(string[] arguments, string expected)
        {
            using var process = HostProcess.Start(arguments);
            Assert.Equal(2, await process.ExitCodeAsync());
            Assert.Contains(expected, Assert.Single(process.Errors.Trim().Split('\n')), StringComparison.Ordinal);
            Assert.DoesNotContain("wrong-word", process.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_supervised_worker_comes_again_after_a_crash_and_ends_with_its_supervisor()
    {
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
        using var supervisor = Worker("orphan");
        var worker = await SeenAsync("orphan", 0);
        await supervisor.KillAsync();
        await Until.HoldsAsync("the worker has ended", () => !ProcessTree.Living([worker.ProcessId]).Any());
    }

    [Fact]
    public async Task Status_shows_a_person_what_is_there_and_no_secret()
    {
        using var supervisor = Worker("shown");
        await SeenAsync("shown", 0);
        using var status = HostProcess.Start("cluster", "status", "--broker", _broker.UrlWithCredentials);
        Assert.Equal(0, await status.ExitCodeAsync());
        Assert.Matches(@"shown\s+idle\s+cpu", status.Output);
        Assert.Matches(@"curv\.tickets\.cpu\s+0", status.Output);
        Assert.Contains("no host answered", status.Output, StringComparison.Ordinal);
        Assert.Contains("No dead letters.", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(RabbitMqServer.Password), status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Uri.EscapeDataString(RabbitMqServer.Password),
            supervisor.Output + supervisor.Errors,
            StringComparison.Ordinal
        );
        await supervisor.InterruptAsync();
        Assert.Equal(0, await supervisor.ExitCodeAsync());
    }

    private HostProcess Worker(string name) =>
        HostProcess.Start(
            "worker",
            "--supervise",
            "--broker",
            _broker.UrlWithCredentials,
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
        using var process = HostProcess.Start(
            "cluster",
            "status",
            "--json",
            "--wait",
            "0.7",
            "--broker",
            _broker.UrlWithCredentials
        );
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

    public sealed class Broker : IAsyncLifetime
    {
        internal RabbitMqServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await RabbitMqServer.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
