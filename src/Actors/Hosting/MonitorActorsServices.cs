using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors;

/// <summary>Adds the actors of the monitor to a program with a host.</summary>
public static class MonitorActorsServices
{
    /// <summary>
    /// Adds <see cref="RunMonitor"/> and its actors, which start and stop with the host. Uses, where the program
    /// registers them: <see cref="CurvatureMetrics"/>, <see cref="TimeProvider"/>,
    /// <see cref="ICheckpointAnalyzerFactory"/>, <see cref="IJobDispatcherFactory"/> for workers elsewhere,
    /// <see cref="IMonitorJournal"/>, any number of <see cref="IMonitorObserver"/>, and a <see cref="Config"/> whose
    /// settings of Akka.NET take the place of the monitor's.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Changes the settings; wrong ones are refused when the host starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMonitorActors(
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
        services.TryAddSingleton<RunsToStart>();
        services.TryAddSingleton<ResourceTable>();
        services.TryAddSingleton<JobCancellations>();
        services.TryAddSingleton(CreateDispatcher);
        services.TryAddSingleton(provider => new Lazy<IMonitorObserver?>(() =>
            provider.GetRequiredService<IJobDispatcher>() as IMonitorObserver
        ));
        services.TryAddSingleton(provider => new RunServices(
            provider.GetRequiredService<IJobDispatcher>(),
            provider.GetRequiredService<IRequiredActor<MetricsActor>>().ActorRef,
            provider.GetRequiredService<ResourceTable>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<MonitorActors>();
        services.TryAddSingleton<MonitorShutdown>();
        services.TryAddSingleton(provider => new RunMonitor(
            provider.GetRequiredService<MonitorActors>(),
            provider.GetRequiredService<RunsToStart>(),
            provider.GetRequiredService<ResourceTable>(),
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
            .AddHocon(provider.GetService<Config>() ?? Config.Empty, HoconAddMode.Prepend)
            .AddMetricsActor();
        if (provider.GetService<IJobDispatcherFactory>() is null)
        {
            akka.AddBoardActor(new LossPolicy(options.Attempts), provider.GetRequiredService<JobCancellations>(), time)
                .AddLocalWorkers(WorkersOf(provider, options, time));
        }

        akka.AddRunsActor().AddStartup((system, _) => Start(system, provider));
    }

    private static MonitorOptions OptionsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<MonitorOptions>>().Value;

    private static void Start(ActorSystem system, IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        var metrics = provider.GetRequiredService<CurvatureMetrics>();
        if (provider.GetService<IJobDispatcherFactory>() is null)
        {
            // A host whose jobs others do has no need of libtorch.
            TorchRuntime.Threads = options.ThreadsOn(Environment.ProcessorCount);
        }

        provider.GetRequiredService<MonitorShutdown>().Register(system);
        MonitorGauges.Register(system, metrics);
    }

    private static WorkerSettings WorkersOf(IServiceProvider provider, MonitorOptions options, TimeProvider time) =>
        new(
            options.CurvatureActors,
            provider.GetRequiredService<ICheckpointAnalyzerFactory>(),
            provider.GetRequiredService<ResourceTable>(),
            provider.GetRequiredService<JobCancellations>(),
            time,
            LoggerOf(provider)
        );

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetRequiredService<ILoggerFactory>().CreateLogger("CurvatureMonitor.Actors");

    private static IJobDispatcher CreateDispatcher(IServiceProvider provider)
    {
        var system = provider.GetRequiredService<ActorSystem>();
        var events = provider.GetRequiredService<IRequiredActor<MetricsActor>>().ActorRef;
        var resources = provider.GetRequiredService<ResourceTable>();
        var metrics = provider.GetRequiredService<CurvatureMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = LoggerOf(provider);
        if (provider.GetService<IJobDispatcherFactory>() is { } elsewhere)
        {
            return elsewhere.Create(new DispatcherContext(system, events, resources, metrics, time, logger));
        }

        metrics.AddActor(ActorNames.Curvature);
        return new BoardDispatcher(provider.GetRequiredService<IRequiredActor<BoardActor>>().ActorRef);
    }
}
