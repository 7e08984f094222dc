using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CurvatureMonitor.Tests;

/// <summary>The endpoints of the monitor among those of a program.</summary>
public sealed class MappingTests
{
    private static readonly string[] Paths = ["/", "/metrics", "/healthz", "/api/runs", "/api/events", "/icon.svg"];

    [Fact]
    public async Task With_a_prefix_everything_is_below_it_and_the_rest_is_the_programs()
    {
        await using var served = await EmbeddedMonitor.StartAsync(app =>
        {
            app.MapGet("/", () => "mine");
            app.MapCurvatureMonitor("/curvature");
        });
        Assert.Equal("mine", await served.Client.GetStringAsync("/"));
        foreach (string path in Paths)
        {
            using var response = await served.Client.GetAsync(
                "/curvature" + path,
                HttpCompletionOption.ResponseHeadersRead
            );
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
        }

        using var elsewhere = await served.Client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task The_page_is_at_a_slash_so_that_its_relative_addresses_lead_to_it()
    {
        await using var served = await EmbeddedMonitor.StartAsync(app => app.MapCurvatureMonitor("/curvature"));
        using var response = await served.Client.GetAsync("/curvature?run=a");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/curvature/?run=a", response.Headers.Location?.ToString());
        Assert.Contains("<title>", await served.Client.GetStringAsync("/curvature/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_has_not_changed_is_not_sent_again()
    {
        await using var served = await EmbeddedMonitor.StartAsync(app => app.MapCurvatureMonitor());
        using var first = await served.Client.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await served.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Conventions_hold_for_all_of_it_and_for_nothing_else()
    {
        await using var served = await EmbeddedMonitor.StartAsync(
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/mine", () => "mine");
                app.MapCurvatureMonitor().RequireAuthorization();
            },
            services =>
            {
                services.AddAuthentication().AddBearerToken();
                services.AddAuthorization();
            }
        );
        Assert.Equal("mine", await served.Client.GetStringAsync("/mine"));
        foreach (string path in Paths)
        {
            using var response = await served.Client.GetAsync(path);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_program_that_adds_no_monitor_is_told_to()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        var refused = Assert.Throws<InvalidOperationException>(() => app.MapCurvatureMonitor());
        Assert.Contains("builder.Services.AddCurvatureMonitor()", refused.Message, StringComparison.Ordinal);
    }
}
