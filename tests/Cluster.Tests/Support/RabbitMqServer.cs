using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>
/// A real RabbitMQ on 127.0.0.1 with node name, data, logs, cookie, epmd and ports of its own. Whatever happens to the
/// tests, nothing of it stays: a guard ends what this process can no longer end.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    internal const string User = "curvature";
    internal const string Password = "s3cret@/:";
    internal const string VirtualHost = "/curvature";

    private const string Programs = "/usr/lib/rabbitmq/bin/";
    private const string PortMapper = "epmd";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly RabbitMqFolder _folder;
    private readonly Process _portMapper;
    private readonly Process _guard;
    private Process? _machine;
    private IReadOnlyList<int> _helpers = [];

    private RabbitMqServer(RabbitMqFolder folder, Process portMapper)
    {
        _folder = folder;
        _portMapper = portMapper;
        _guard = Guard();
    }

    /// <summary>Where it accepts AMQP.</summary>
    internal int Port => _folder.Port;

    /// <summary>Where it accepts AMQP over TLS; 0 where it does not.</summary>
    internal int TlsPort => _folder.TlsPort;

    /// <summary>Host, port and virtual host, without credentials.</summary>
    internal string Url => string.Create(CultureInfo.InvariantCulture, $"amqp://127.0.0.1:{Port}/%2Fcurvature");

    /// <summary>The whole address.</summary>
    internal string UrlWithCredentials =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"amqp://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/%2Fcurvature"
        );

    /// <summary>Whether the Erlang machine runs.</summary>
    internal bool IsRunning => _machine is { HasExited: false };

    /// <summary>
    /// Everything that belongs to it and lives: the Erlang machine and what that started, the port mapper.
    /// </summary>
    internal IReadOnlyList<int> LivingProcesses =>
        [
            .. ProcessTree.Living([
                .. IsRunning ? ProcessTree.Of(_machine!.Id) : [],
                .. _helpers,
                .. _portMapper.HasExited ? Array.Empty<int>() : [_portMapper.Id],
            ]),
        ];

    /// <summary>What the server wrote to its log and to its output.</summary>
    internal string Log => _folder.Log();

    /// <summary>Starts a server on free ports, and waits until it accepts AMQP.</summary>
    /// <param name="settings">Further lines of rabbitmq.conf.</param>
    /// <param name="tls">A folder with <c>ca.pem</c>, <c>server.pem</c> and <c>server.key</c>, to accept TLS as well;
    /// not where null.</param>
    internal static async Task<RabbitMqServer> StartAsync(string settings = "", string? tls = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            // Between finding a port and taking it another program may have it.
            var folder = new RabbitMqFolder(settings, tls);
            var server = new RabbitMqServer(folder, StartPortMapper(folder));
            try
            {
                await server.LaunchAsync();
                return server;
            }
            catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
            {
                await server.DisposeAsync();
                if (attempt == 3)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Stops in order, as an operator does.</summary>
    internal Task StopAsync() => EndAsync("TERM");

    /// <summary>kill -9 of the Erlang machine.</summary>
    internal Task KillAsync() => EndAsync("KILL");

    /// <summary>Starts again, after a stop or a kill, on the same data and ports.</summary>
    internal Task RestartAsync() => LaunchAsync();

    /// <summary>Runs <c>rabbitmqctl</c> on this server.</summary>
    /// <returns>What it prints.</returns>
    internal async Task<string> ControlAsync(params string[] arguments)
    {
        using var process = Process.Start(
            _folder.Configure(new ProcessStartInfo(Programs + "rabbitmqctl", ["--quiet", .. arguments]))
        )!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"rabbitmqctl {string.Join(' ', arguments)}: {await output}{await errors}"
            );
    }

    /// <summary>
    /// Waits until a kill -9 of the broker does its quorum queues no harm. RabbitMQ 3.10 registers the log of a new
    /// queue in a table that it writes seconds later; a queue whose entry is missing comes back empty and without a
    /// leader, for ever.
    /// </summary>
    internal async Task SettleAsync()
    {
        string listed = await ControlAsync("list_queues", "-p", VirtualHost, "--no-table-headers", "name", "type");
        string[] queues =
        [
            .. listed
                .Split('\n')
                .Select(line => line.Split('\t'))
                .Where(row => row is [_, "quorum"])
                .Select(row => row[0]),
        ];
        await Until.HoldsAsync("the broker has registered its quorum queues", () => queues.All(_folder.IsRegistered));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _machine?.Dispose();
        await ProcessTree.EndAsync(_portMapper.HasExited ? [] : [_portMapper.Id], "KILL", Patience);
        _portMapper.Dispose();
        await ProcessTree.EndAsync(_guard.HasExited ? [] : [_guard.Id], "KILL", Patience);
        _guard.Dispose();
        _folder.Delete();
    }

    private static Process StartPortMapper(RabbitMqFolder folder)
    {
        string port = folder.PortMapperPort.ToString(CultureInfo.InvariantCulture);
        try
        {
            return Process.Start(
                folder.Configure(new ProcessStartInfo(PortMapper, ["-port", port, "-address", "127.0.0.1"]))
            )!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            folder.Delete();
            throw new FileNotFoundException(
                $"'{PortMapper}' cannot be started ({exception.Message}); it comes with RabbitMQ: apt-get install "
                    + $"rabbitmq-server",
                exception
            );
        }
    }

    private async Task LaunchAsync()
    {
        // Allowed input makes the start script become the Erlang machine, which then reads none: the process that is
        // started is the one to kill.
        var info = _folder.Configure(new ProcessStartInfo(Programs + "rabbitmq-server", ["-noinput"]));
        _machine?.Dispose();
        _machine = Process.Start(info) ?? throw new InvalidOperationException("the server cannot be started");
        _folder.Capture(_machine);
        await _guard.StandardInput.WriteLineAsync(_machine.Id.ToString(CultureInfo.InvariantCulture));
        await _guard.StandardInput.FlushAsync();
        long started = Stopwatch.GetTimestamp();
        while (!await AcceptsAsync())
        {
            if (_machine.HasExited)
            {
                throw new InvalidOperationException($"RabbitMQ ended with exit code {_machine.ExitCode}:\n{Log}");
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"RabbitMQ does not accept AMQP on port {Port}:\n{Log}");
            }

            await Task.Delay(Poll);
        }
    }

    // An open port is not enough: a broker that starts listens before it speaks.
    private async Task<bool> AcceptsAsync()
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\t\u0001"u8.ToArray(), deadline.Token);
            byte[] answer = new byte[1];
            const byte methodFrame = 1;
            return await stream.ReadAsync(answer, deadline.Token) == 1 && answer[0] == methodFrame;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task EndAsync(string signal)
    {
        if (_machine is null)
        {
            return;
        }

        if (IsRunning)
        {
            _helpers = [.. ProcessTree.Of(_machine.Id).Where(id => id != _machine.Id)];
            await ProcessTree.EndAsync([_machine.Id], signal, Patience);
            await _machine.WaitForExitAsync();
        }

        // They notice by themselves; a machine under load takes its time.
        await ProcessTree.EndAsync(_helpers, "KILL", Patience);
        _helpers = [];
    }

    // Reads until this process is gone, however it went, then ends what is left: the last Erlang machine and the port
    // mapper.
    private Process Guard()
    {
        string mapper = _portMapper.Id.ToString(CultureInfo.InvariantCulture);
        const string script = "while read -r id; do last=$id; done; kill -9 $last \"$1\" 2>/dev/null; rm -rf -- \"$2\"";
        return Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script, "guard", mapper, _folder.Path])
            {
                RedirectStandardInput = true,
            }
        )!;
    }
}
