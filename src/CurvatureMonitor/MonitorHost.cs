using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Derivatives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor;

/// <summary>The monitor in a program without a host of its own, for as long as one training.</summary>
internal sealed class MonitorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MonitorHost(WebApplication app) => _app = app;

    /// <summary>Starts runs.</summary>
    public RunMonitor Monitor => _app.Services.GetRequiredService<RunMonitor>();

    /// <summary>Where it listens; null where it serves nothing.</summary>
    public string? Url => _app.Urls.FirstOrDefault();

    /// <summary>Starts the monitor.</summary>
    /// <param name="options">Where to serve, and who learns what it sees.</param>
    /// <exception cref="UserErrorException">The port is in use, or a setting is wrong.</exception>
    public static async Task<MonitorHost> StartAsync(TrainingMonitorOptions options)
    {
        var app = Build(options);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            return new MonitorHost(app);
        }
        catch (Exception exception)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw exception is IOException or OptionsValidationException
                ? new UserErrorException(exception.Message.ReplaceLineEndings(" "))
                : exception;
        }
    }

    /// <summary>Stops in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(TrainingMonitorOptions options)
    {
        int threads = TorchRuntime.Threads;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IServer, NoServer>();
        builder.Services.Configure<MonitorOptions>(settings => settings.Threads = threads);
        builder.Services.AddCurvatureMonitor(options.Configure);
        foreach (var observer in options.Observers)
        {
            builder.Services.AddSingleton<IMonitorObserver>(observer);
        }

        if (options.Url is null)
        {
            return builder.Build();
        }

        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls(options.Url);
        var app = builder.Build();
        app.MapCurvatureMonitor();
        return app;
    }
}
