using System.Net;

namespace CurvatureMonitor.Host.Http;

/// <summary>Where and what the monitor serves over HTTP.</summary>
internal sealed record MonitorServerOptions
{
    /// <summary>The port that the monitor listens on when nothing else is asked for.</summary>
    public const int DefaultPort = 9464;

    /// <summary>Address to listen on. Only this machine by default: the API has no log-in.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes any free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Folder of the built page.</summary>
    public string WebRoot { get; init; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>Further endpoints, for example <c>/metrics</c>.</summary>
    public Action<IEndpointRouteBuilder>? MapEndpoints { get; init; }

    /// <summary>Least sign of life on an event stream on which nothing happens.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time that requests in flight are given when the server stops.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
