using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>Where a RabbitMQ of the tests keeps everything, and the environment that makes it keep it there.</summary>
internal sealed class RabbitMqFolder
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rabbitmq-test-");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _node = string.Create(
        CultureInfo.InvariantCulture,
        $"curvature-{Guid.NewGuid():N}@localhost"
    );
    private readonly int _distributionPort = FreePort.Find();

    internal RabbitMqFolder(string settings, string? tls)
    {
        TlsPort = tls is null ? 0 : FreePort.Find();
        string secure = tls is null
            ? string.Empty
            : $"""
                listeners.ssl.default = 127.0.0.1:{TlsPort}
                ssl_options.cacertfile = {tls}/ca.pem
                ssl_options.certfile = {tls}/server.pem
                ssl_options.keyfile = {tls}/server.key
                ssl_options.verify = verify_none
                ssl_options.fail_if_no_peer_cert = false
                """;
        File.WriteAllText(
            In("rabbitmq.conf"),
            $"""
            listeners.tcp.default = 127.0.0.1:{Port}
            default_vhost = {RabbitMqServer.VirtualHost}
            default_user = {RabbitMqServer.User}
            default_pass = {RabbitMqServer.Password}
            disk_free_limit.absolute = 50MB
            {secure}
            {settings}

            """
        );
        File.WriteAllText(In("enabled_plugins"), "[].");
        File.WriteAllText(In("advanced.config"), "[].");
    }

    internal string Path => _directory.FullName;

    internal int Port { get; } = FreePort.Find();

    internal int TlsPort { get; }

    internal int PortMapperPort { get; } = FreePort.Find();

    /// <summary>
    /// Makes a program of RabbitMQ use this folder and these ports, whatever the system's own configuration says.
    /// </summary>
    internal ProcessStartInfo Configure(ProcessStartInfo info)
    {
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.WorkingDirectory = Path;
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = Path,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Text(PortMapperPort),
            ["RABBITMQ_DIST_PORT"] = Text(_distributionPort),
            ["RABBITMQ_NODENAME"] = _node,
            ["RABBITMQ_MNESIA_BASE"] = In("data"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("advanced.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_ALLOW_INPUT"] = "1",

            // The machine is shared with what is tested: its schedulers sleep when there is nothing to do. The port
            // mapper runs already.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -start_epmd false",
        };
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>Keeps what a process prints.</summary>
    internal void Capture(Process process)
    {
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? string.Empty);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal string Log()
    {
        string file = In($"log/{_node}.log");
        return string.Join('\n', _output) + (File.Exists(file) ? ReadShared(file) : string.Empty);
    }

    /// <summary>Whether the name of a quorum queue is in the table of such names on disk.</summary>
    internal bool IsRegistered(string queue)
    {
        // The name of a queue's log ends with that of the queue; the next thing in the table is a binary.
        byte[] entry = [.. Encoding.UTF8.GetBytes($"_{queue}m"), 0];
        string table = In($"data/{_node}/quorum/{_node}/names.dets");
        using var stream = new FileStream(table, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] content = new byte[stream.Length];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return content.AsSpan(0, length).IndexOf(entry) >= 0;
    }

    internal void Delete()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    }

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
