using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Host.Tests.Server;

/// <summary>The real server on a free port, the history that it shows, and a client.</summary>
internal sealed class ServedHistory : IAsyncDisposable
{
    private ServedHistory(RunHistory history, MonitorServer server)
    {
        History = history;
        Server = server;
        Client = new HttpClient { BaseAddress = server.Address, Timeout = Until.Patience };
    }

    internal RunHistory History { get; }

    internal MonitorServer Server { get; }

    internal HttpClient Client { get; }

    internal static async Task<ServedHistory> StartAsync(
        RunHistory? history = null,
        MonitorServerOptions? options = null
    )
    {
        history ??= new RunHistory();
        return new ServedHistory(
            history,
            await MonitorServer.StartAsync(
                (options ?? new MonitorServerOptions()) with { Port = 0 },
                new CurvatureMetrics(),
                history
            )
        );
    }

    /// <summary>Waits until so many clients listen to events.</summary>
    internal Task WaitForListenersAsync(int count) => Until.HoldsAsync(() => History.Listeners == count);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
