using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How a process takes part in a cluster.</summary>
[Section("cluster")]
internal sealed class ClusterOptions
{
    /// <summary>Where it listens for the others; a host that has none is of no cluster.</summary>
    [Option(
        "--listen",
        "Where the others of the cluster reach this process, HOST:PORT such as host:4053. A host that has it gives its "
            + "jobs to workers; a worker that has none takes a free port."
    )]
    public string? Listen { get; set; }

    /// <summary>Whether a host takes workers from elsewhere.</summary>
    internal bool IsOpen => Listen is not null;

    /// <summary>The hosts whose cluster it joins.</summary>
    [Option(
        "--join",
        "The hosts whose cluster this process joins, HOST:PORT each. A worker needs one; several hosts that share "
            + "workers all name the same hosts in the same order."
    )]
    public string[] Join { get; set; } = [];

    /// <summary>How a host takes part; null where it measures itself.</summary>
    /// <param name="options">Where the settings come from.</param>
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    internal NodeOptions? Host(BoundOptions options) =>
        Listen is { } listen
            ? new NodeOptions
            {
                Listen = ClusterEndpoint.Parse(listen, Place(options, nameof(Listen))),
                Join = Hosts(options),
                Credentials = Load(options),
            }
            : null;

    /// <summary>How a worker takes part.</summary>
    /// <param name="options">Where the settings come from.</param>
    /// <exception cref="UserErrorException">A setting is wrong.</exception>
    internal NodeOptions Worker(BoundOptions options)
    {
        var hosts = Hosts(options);
        if (hosts.Count == 0)
        {
            throw new UserErrorException("--join is needed: give the cluster's host, such as host:4053");
        }

        return new NodeOptions
        {
            // A child of a host finds the host's setting in its environment, and cannot listen there too.
            Listen = Listen is { } listen && ChildLink.Current is null
                ? ClusterEndpoint.Parse(listen, Place(options, nameof(Listen)))
                : new ClusterEndpoint(AddressTowards(hosts[0]), 0),
            Join = hosts,
            Credentials = Load(options),
        };
    }

    private List<ClusterEndpoint> Hosts(BoundOptions options) =>
        [.. Join.Select(host => ClusterEndpoint.Parse(host, Place(options, nameof(Join))))];

    private static RenewableCredentials Load(BoundOptions options) =>
        options.Get<CredentialsOptions>().Credentials is { } folder
            ? new RenewableCredentials(
                folder,
                TimeProvider.System,
                line => Console.Error.WriteLine($"curvature: {line}")
            )
            : throw new UserErrorException(
                "--credentials is needed: a cluster lets nobody in without",
                "name a member's folder that 'curvature cluster init' made"
            );

    private static string Place(BoundOptions options, string property) =>
        options.PlaceOf<ClusterOptions>(property) ?? property;

    // The address from which this machine reaches the host is the one under which the host reaches it. Nothing is sent.
    private static string AddressTowards(ClusterEndpoint host)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host.Host, host.Port);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException exception)
        {
            throw new UserErrorException(
                string.Create(CultureInfo.InvariantCulture, $"--join {host}: no way leads there ({exception.Message})"),
                "name a host that this machine can reach",
                exception
            );
        }
    }
}
