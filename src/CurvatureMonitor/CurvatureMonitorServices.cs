using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor;

/// <summary>Adds the monitor to a program of ASP.NET Core.</summary>
public static class CurvatureMonitorServices
{
    /// <summary>
    /// Adds the monitor: <see cref="RunMonitor"/>, which starts runs, and what
    /// <see cref="CurvatureMonitorEndpoints.MapCurvatureMonitor"/> serves of them. Settings come from the section
    /// <c>CurvatureMonitor</c> of the program's configuration, then from <paramref name="configure"/>; wrong ones are
    /// refused in one line when the program starts. Services that start runs are added after it.
    /// </summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCurvatureMonitor(
        this IServiceCollection services,
        Action<MonitorOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<MonitorOptions>, MonitorConfiguration>()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new CurvatureMetrics(
            ProductVersion.OfMetrics,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton(provider => new MeterBridge(provider.GetRequiredService<CurvatureMetrics>().Registry));
        services.TryAddSingleton(provider => new RunHistory(clock: provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IRunHistory>(provider => provider.GetRequiredService<RunHistory>());
        services.TryAddSingleton<IRunRecorder>(provider => provider.GetRequiredService<RunHistory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMonitorObserver, HistoryObserver>());
        return services.AddMonitorActors(configure);
    }
}
