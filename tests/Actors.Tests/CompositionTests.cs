using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The monitor as a service of a program with a host.</summary>
public sealed class CompositionTests
{
    [Fact]
    public async Task A_program_that_adds_the_monitor_can_train_and_scrape_and_its_end_is_the_monitors()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitorActors(options => options.Threads = 1);
        using var host = builder.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<RunMonitor>();
        var summary = await monitor.StartTraining(TinyRuns.Request(steps: 3)).Completion;
        Assert.Equal(RunOutcome.Finished, summary.Outcome);
        var metrics = host.Services.GetRequiredService<CurvatureMetrics>();
        Assert.Equal(1, Scrape.Sample(metrics, "curvature_run_state{run=\"tiny\",state=\"finished\"}"));
        await host.StopAsync();
        Assert.Throws<MonitorStoppingException>(() =>
        {
            monitor.StartTraining(TinyRuns.Request());
        });
    }

    [Fact]
    public async Task Wrong_settings_are_refused_when_the_host_starts()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitorActors(options => options.CurvatureActors = 0);
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("curvature actors are 0", refused.Message, StringComparison.Ordinal);
    }
}
