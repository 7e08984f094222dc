using CurvatureMonitor.Actors.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Tests;

/// <summary>Settings from the configuration of a program.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task The_section_of_the_program_is_read_and_what_the_program_says_itself_goes_before_it()
    {
        await using var served = await EmbeddedMonitor.StartAsync(
            app => app.MapCurvatureMonitor(),
            services => services.AddCurvatureMonitor(options => options.MemoryBudgetBytes = 5_000_000),
            new Dictionary<string, string?>
            {
                ["CurvatureMonitor:CurvatureActors"] = "2",
                ["CURVATUREMONITOR:SHUTDOWNGRACE"] = "00:00:03",
                ["CurvatureMonitor:MemoryBudgetBytes"] = "7000000",
            }
        );
        var options = served.Services.GetRequiredService<IOptions<MonitorOptions>>().Value;
        Assert.Equal(2, options.CurvatureActors);
        Assert.Equal(TimeSpan.FromSeconds(3), options.ShutdownGrace);
        Assert.Equal(5_000_000, options.MemoryBudgetBytes);
    }

    [Theory]
    [InlineData("Threads", "many", "CurvatureMonitor:Threads is 'many': give a whole number")]
    [InlineData("ShutdownGrace", "soon", "CurvatureMonitor:ShutdownGrace is 'soon': give a time such as 00:00:05")]
    [InlineData("CurvatureActors", "0", "curvature actors are 0: give a whole number of at least 1")]
    [InlineData("Thread", "1", "CurvatureMonitor:Thread: there is no such setting; there are CurvatureActors, Threads")]
    public async Task A_wrong_setting_is_one_line_when_the_program_starts(string key, string value, string line)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            EmbeddedMonitor.StartAsync(
                app => app.MapCurvatureMonitor(),
                settings: new Dictionary<string, string?> { [$"CurvatureMonitor:{key}"] = value }
            )
        );
        Assert.StartsWith(line, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
