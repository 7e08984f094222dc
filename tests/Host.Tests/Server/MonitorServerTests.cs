using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using Microsoft.AspNetCore.Builder;

namespace CurvatureMonitor.Host.Tests.Server;

public sealed class MonitorServerTests
{
    [Fact]
    public async Task Port_0_takes_a_free_port_and_says_which()
    {
        await using var first = await ServedHistory.StartAsync();
        await using var second = await ServedHistory.StartAsync();
        Assert.NotEqual(first.Server.Address.Port, second.Server.Address.Port);
        Assert.Equal("127.0.0.1", first.Server.Address.Host);
        Assert.Equal("ok", await second.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_that_says_what_where_and_how_to_mend_it()
    {
        await using var served = await ServedHistory.StartAsync();
        var options = new MonitorServerOptions { Port = served.Server.Address.Port };
        var exception = await Assert.ThrowsAsync<MonitorServerException>(() =>
            MonitorServer.StartAsync(options, new CurvatureMetrics(), new RunHistory())
        );
        Assert.DoesNotContain('\n', exception.Message);
        Assert.StartsWith($"cannot listen on 127.0.0.1:{options.Port}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("choose another port", exception.Message, StringComparison.Ordinal);
        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task An_address_that_this_machine_has_not_is_one_line()
    {
        // TEST-NET-1 (RFC 5737) belongs to no machine.
        var options = new MonitorServerOptions { Address = IPAddress.Parse("192.0.2.1"), Port = 9464 };
        var exception = await Assert.ThrowsAsync<MonitorServerException>(() =>
            MonitorServer.StartAsync(options, new CurvatureMetrics(), new RunHistory())
        );
        Assert.DoesNotContain('\n', exception.Message);
        Assert.StartsWith(
            "cannot listen on 192.0.2.1:9464: this machine has no such address",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_port_is_free_again_after_the_server_has_gone()
    {
        Uri address;
        await using (var served = await ServedHistory.StartAsync())
        {
            address = served.Server.Address;
        }

        await using var again = await MonitorServer.StartAsync(
            new MonitorServerOptions { Port = address.Port },
            new CurvatureMetrics(),
            new RunHistory()
        );
        Assert.Equal(address, again.Address);
    }

    [Fact]
    public async Task An_endpoint_that_fails_answers_500_without_its_secrets_and_the_server_goes_on()
    {
        await using var served = await ServedHistory.StartAsync(
            options: new MonitorServerOptions
            {
                MapEndpoints = endpoints =>
                    endpoints.MapGet("/broken", string () => throw new InvalidOperationException("secret")),
            }
        );
        using var response = await served.Client.GetAsync("/broken");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task Signals_are_the_programs_business_and_do_not_end_the_event_streams()
    {
        using var seen = new SemaphoreSlim(0);
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context =>
        {
            context.Cancel = true;
            seen.Release();
        });
        await using var served = await ServedHistory.StartAsync();
        string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using (var kill = Process.Start("kill", ["-QUIT", self]))
        {
            await kill.WaitForExitAsync();
        }

        // The handler registered first runs last: whatever the server does about the signal is done by now.
        Assert.True(await seen.WaitAsync(Until.Patience));
        using var response = await served.Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await served.WaitForListenersAsync(1);
        served.History.Start(new RunDescription("a"));
        string? line;
        do
        {
            line = await reader.ReadLineAsync().WaitAsync(Until.Patience);
            Assert.NotNull(line);
        } while (!line.StartsWith("data: ", StringComparison.Ordinal));
    }
}
