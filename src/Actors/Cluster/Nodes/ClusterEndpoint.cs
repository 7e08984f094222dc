using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>Where a member of a cluster listens.</summary>
/// <param name="Host">A name or an address of IPv4.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
public sealed record ClusterEndpoint(string Host, int Port)
{
    private const int MaximumPort = 65535;

    /// <summary>Reads <c>HOST:PORT</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it stands, such as <c>--join</c>.</param>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static ClusterEndpoint Parse(string text, string place)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? text : text[..colon];
        bool isPort = int.TryParse(
            colon < 0 ? string.Empty : text[(colon + 1)..],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int port
        );
        if (!isPort || port is < 1 or > MaximumPort || Uri.CheckHostName(host) is UriHostNameType.Unknown)
        {
            throw new UserErrorException($"{place} {text}: is no HOST:PORT", "give one such as host:4053");
        }

        if (Uri.CheckHostName(host) is UriHostNameType.IPv6)
        {
            throw new UserErrorException(
                $"{place} {text}: is an address of IPv6",
                "give a name, or an address of IPv4"
            );
        }

        return new ClusterEndpoint(host, port);
    }

    /// <summary>Sees that a process can listen there.</summary>
    /// <exception cref="UserErrorException">It cannot: another has the port, or the address is not of this
    /// machine.</exception>
    public void RequireFree()
    {
        try
        {
            var address = Dns.GetHostAddresses(Host, AddressFamily.InterNetwork)[0];
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, Port));
        }
        catch (SocketException refused)
        {
            throw NotFree(refused);
        }
    }

    /// <summary>What a person is told when a process cannot listen there.</summary>
    internal UserErrorException NotFree(Exception cause) =>
        new(
            $"cannot listen on {this} ({cause.Message})",
            "choose an address of this machine and a port that is free",
            cause
        );

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
