using System.Net;
using CurvatureMonitor.LivePage.Api;
using CurvatureMonitor.LivePage.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CurvatureMonitor.LivePage.Tests;

/// <summary>Page, API and event stream on a free port, the history that they show, and a client.</summary>
internal sealed class ServedHistory : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServedHistory(RunHistory history, WebApplication app)
    {
        _app = app;
        History = history;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address, Timeout = Until.Patience };
    }

    /// <summary>Where the page is that the build leaves beside the program.</summary>
    internal static string Page { get; } = new LivePageOptions().Folder;

    internal RunHistory History { get; }

    internal Uri Address { get; }

    internal HttpClient Client { get; }

    internal static async Task<ServedHistory> StartAsync(
        RunHistory? history = null,
        string? page = null,
        TimeSpan? heartbeat = null,
        TimeSpan? stopTimeout = null
    )
    {
        history ??= new RunHistory();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = stopTimeout ?? TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        var options = new LivePageOptions();
        app.MapLivePage(
            history,
            TimeProvider.System,
            app.Lifetime.ApplicationStopping,
            new LivePageOptions { Folder = page ?? options.Folder, Heartbeat = heartbeat ?? options.Heartbeat }
        );
        await app.StartAsync();
        return new ServedHistory(history, app);
    }

    /// <summary>Waits until so many clients listen to events.</summary>
    internal Task WaitForListenersAsync(int count) => Until.HoldsAsync(() => History.Listeners == count);

    /// <summary>Ends the event streams and stops.</summary>
    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
