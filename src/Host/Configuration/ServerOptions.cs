using System.Net;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Host.Server;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Where the live page, the API and <c>/metrics</c> are served.</summary>
[Section("server")]
internal sealed class ServerOptions
{
    /// <summary>The address to listen on.</summary>
    [Option("--address", "Address of the live page and of /metrics.")]
    [IpAddress]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on.</summary>
    [Option("--port", "Port of the live page and of /metrics; 0 takes a free one.")]
    [WholeNumber(0, IPEndPoint.MaxPort)]
    public int Port { get; set; } = MonitorServerOptions.DefaultPort;

    /// <summary>The Prometheus whose alerts are shown; none where null.</summary>
    [Option(
        "--prometheus",
        "A Prometheus that scrapes this monitor, such as http://127.0.0.1:9090: its alerts are shown on the page and "
            + "in the terminal."
    )]
    [HttpUrl("http://127.0.0.1:9090")]
    public string? Prometheus { get; set; }

    /// <summary>The address to listen on.</summary>
    internal IPAddress ListenAddress => IPAddress.Parse(Address);

    /// <summary>The Prometheus whose alerts are shown; none where null.</summary>
    internal Uri? PrometheusAddress => Prometheus is null ? null : HttpUrlAttribute.Parse(Prometheus);
}
