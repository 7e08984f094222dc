using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Tests.Http;

/// <summary>The real server on a free port, the history that it shows, and a client.</summary>
internal sealed class ServedHistory : IAsyncDisposable
{
    private ServedHistory(RunHistory history, MonitorServer server)
    {
        History = history;
        Server = server;
        Client = new HttpClient { BaseAddress = server.Address, Timeout = TestPatience.Limit };
    }

    internal RunHistory History { get; }

    internal MonitorServer Server { get; }

    internal HttpClient Client { get; }

    internal static async Task<ServedHistory> StartAsync(RunHistory? history = null, MonitorServerOptions? options = null)
    {
        history ??= new RunHistory();
        return new ServedHistory(history, await MonitorServer.StartAsync((options ?? new MonitorServerOptions()) with { Port = 0 }, history));
    }

    /// <summary>Waits until so many clients listen to events.</summary>
    internal async Task WaitForListenersAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TestPatience.Limit);
        while (History.Listeners != count)
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
