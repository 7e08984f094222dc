using System.Net;
using CurvatureMonitor.Actors.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CurvatureMonitor.Tests;

/// <summary>A program of ASP.NET Core with the monitor in it, in this process, on a free port.</summary>
internal sealed class EmbeddedMonitor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedMonitor(WebApplication app)
    {
        _app = app;

        // Redirections are looked at, not followed.
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
            Timeout = Until.Patience,
        };
    }

    internal HttpClient Client { get; }

    internal IServiceProvider Services => _app.Services;

    /// <summary>Starts the program.</summary>
    /// <param name="map">Maps its endpoints.</param>
    /// <param name="add">Adds services of its own.</param>
    /// <param name="settings">Its configuration.</param>
    internal static async Task<EmbeddedMonitor> StartAsync(
        Action<WebApplication> map,
        Action<IServiceCollection>? add = null,
        IReadOnlyDictionary<string, string?>? settings = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<MonitorOptions>(options => options.Threads = 1);
        builder.Services.AddCurvatureMonitor();
        add?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        try
        {
            await app.StartAsync();
            return new EmbeddedMonitor(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
