using System.Net;

namespace CurvatureMonitor.Host.Server;

/// <summary>Where and what the monitor serves over HTTP.</summary>
internal sealed record MonitorServerOptions
{
    /// <summary>The port that the monitor listens on when nothing else is asked for.</summary>
    public const int DefaultPort = 9464;

    /// <summary>Address to listen on. Only this machine by default: the API has no log-in.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes any free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Further endpoints.</summary>
    public Action<IEndpointRouteBuilder>? MapEndpoints { get; init; }

    /// <summary>Whether what is behind the endpoints is ready to work, for <c>/readyz</c>; always where null.</summary>
    public Func<bool>? IsReady { get; init; }

    /// <summary>Time that requests in flight are given when the server stops.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
