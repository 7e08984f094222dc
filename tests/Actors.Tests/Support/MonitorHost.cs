using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>A monitor as a program has it: by <c>AddMonitorActors</c>, in a host of its own.</summary>
internal sealed class MonitorHost : IAsyncDisposable
{
    private readonly IHost _host;

    private MonitorHost(IHost host) => _host = host;

    public RunMonitor Monitor => _host.Services.GetRequiredService<RunMonitor>();

    public static async Task<MonitorHost> StartAsync(
        CurvatureMetrics metrics,
        IEnumerable<IMonitorObserver> observers,
        MonitorOptions? options = null,
        TimeProvider? time = null,
        ICheckpointAnalyzerFactory? analyzers = null,
        IJobDispatcherFactory? dispatchers = null
    )
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var services = builder.Services;
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(metrics);
        Add(time);
        Add(analyzers);
        Add(dispatchers);
        foreach (var observer in observers)
        {
            services.AddSingleton(observer);
        }

        services.AddSingleton(Options.Create(options ?? new MonitorOptions { Threads = 1 }));
        services.AddSingleton(CheckedMessages.Checks);
        services.AddMonitorActors();
        var host = builder.Build();
        await host.StartAsync();
        return new MonitorHost(host);

        void Add<T>(T? service)
            where T : class
        {
            if (service is not null)
            {
                services.AddSingleton(service);
            }
        }
    }

    /// <summary>Waits until so many workers have asked the board for a job.</summary>
    public Task WorkersAsked(int count)
    {
        var board = _host.Services.GetRequiredService<IRequiredActor<BoardActor>>().ActorRef;
        return Until.HoldsAsync(async () => (await board.Ask<FreeWorkers>(GetFreeWorkers.Instance)).Count == count);
    }

    public RunHandle StartTraining(TrainingRequest request) => Monitor.StartTraining(request);

    public IntakeHandle StartIntake(IntakeRequest request) => Monitor.StartIntake(request);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
