using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Torch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors;

/// <summary>Adds the monitor to a program with a host.</summary>
public static class CurvatureMonitorServices
{
    /// <summary>
    /// Adds <see cref="RunMonitor"/> and its actors, which start and stop with the host. Uses, where the program
    /// registers them: <see cref="CurvatureMetrics"/>, <see cref="TimeProvider"/>,
    /// <see cref="ICheckpointAnalyzerFactory"/>, <see cref="IJobDispatcherFactory"/> for workers elsewhere,
    /// <see cref="IMonitorJournal"/>, and any number of <see cref="IMonitorObserver"/>.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Changes the settings; wrong ones are refused when the host starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCurvatureMonitor(
        this IServiceCollection services,
        Action<MonitorOptions>? configure = null
    )
    {
        services.AddOptions<MonitorOptions>().ValidateOnStart();
        services.AddLogging();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<MonitorOptions>, MonitorOptionsValidator>()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new CurvatureMetrics(null, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICheckpointAnalyzerFactory>(provider => new CurvatureAnalyzerFactory(
            provider.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<RunCompletions>();
        services.TryAddSingleton(provider => new MemoryShare(
            OptionsOf(provider),
            provider.GetService<IJobDispatcherFactory>()
        ));
        services.TryAddSingleton(CreateDispatcher);
        services.TryAddSingleton(provider => new MonitorActors(
            provider.GetRequiredService<IRequiredActor<MetricsActor>>(),
            provider.GetRequiredService<IRequiredActor<RunsActor>>(),
            new Lazy<IJobDispatcher>(provider.GetRequiredService<IJobDispatcher>)
        ));
        services.TryAddSingleton<MonitorShutdown>();
        services.TryAddSingleton(provider => new RunMonitor(
            provider.GetRequiredService<MonitorActors>(),
            provider.GetRequiredService<RunCompletions>(),
            provider.GetRequiredService<MemoryShare>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        return services.AddAkka("curvature", Compose);
    }

    private static void Compose(AkkaConfigurationBuilder akka, IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        var time = provider.GetRequiredService<TimeProvider>();
        akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            })
            .AddHocon(ActorRuntime.Configuration(time, options.ShutdownGrace), HoconAddMode.Prepend)
            .AddMetricsActor()
            .AddRunsActor();
        if (provider.GetService<IJobDispatcherFactory>() is null)
        {
            akka.AddBoardActor(options.Attempts, time).AddLocalWorkers(WorkersOf(provider, options, time));
        }

        akka.AddStartup((system, _) => Start(system, provider));
    }

    private static MonitorOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<MonitorOptions>>().Value;

    private static void Start(ActorSystem system, IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        var metrics = provider.GetRequiredService<CurvatureMetrics>();
        var actors = provider.GetRequiredService<MonitorActors>();
        TorchRuntime.Threads = options.ThreadsOn(Environment.ProcessorCount);
        if (actors.Dispatcher is IMonitorObserver keeper)
        {
            actors.Metrics.Tell(new AddKeeper(keeper), ActorRefs.NoSender);
        }

        provider.GetRequiredService<MonitorShutdown>().Register(system);
        MonitorGauges.Register(system, metrics);
    }

    private static WorkerSettings WorkersOf(IServiceProvider provider, MonitorOptions options, TimeProvider time) =>
        new(
            options.CurvatureActors,
            provider.GetRequiredService<ICheckpointAnalyzerFactory>(),
            time,
            LoggerOf(provider)
        );

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("CurvatureMonitor.Actors");

    private static IJobDispatcher CreateDispatcher(IServiceProvider provider)
    {
        var system = provider.GetRequiredService<ActorSystem>();
        var events = provider.GetRequiredService<IRequiredActor<MetricsActor>>().ActorRef;
        var metrics = provider.GetRequiredService<CurvatureMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = LoggerOf(provider);
        if (provider.GetService<IJobDispatcherFactory>() is { } elsewhere)
        {
            return elsewhere.Create(new DispatcherContext(system, events, metrics, time, logger));
        }

        metrics.AddActor(ActorNames.Curvature);
        return new BoardDispatcher(provider.GetRequiredService<IRequiredActor<BoardActor>>().ActorRef);
    }
}
