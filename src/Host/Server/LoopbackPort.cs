using System.Net;
using System.Net.Sockets;

namespace CurvatureMonitor.Host.Server;

/// <summary>Ports of this machine for servers that it starts.</summary>
internal static class LoopbackPort
{
    /// <summary>A port that nobody has now: until it is used somebody else may take it, and whoever wanted it then says
    /// so.</summary>
    internal static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
