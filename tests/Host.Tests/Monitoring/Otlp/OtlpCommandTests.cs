using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>The whole program, pushing.</summary>
[Collection(nameof(DemoTests))]
public sealed class OtlpCommandTests
{
    private static readonly string[] Training =
    [
        "train",
        "--run",
        "pushed",
        "--model",
        "softmax",
        "--steps",
        "20",
        "--probe-samples",
        "50",
        "--lanczos-steps",
        "4",
        "--exit",
        "--port",
        "0",
        "--otlp-endpoint",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_training_pushes_its_end_before_it_exits(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        using var process = HostProcess.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf" },
            [.. Training, receiver.Address.ToString()]
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Empty(process.Errors);
        var last = receiver.Requests[^1];
        double Value(string metric, string label = "run", string value = "pushed") =>
            Assert
                .Single(last.Points, point =>
                    point.Metric == metric
                    && point.Labels.GetValueOrDefault(label) == value
                    && point.Labels.GetValueOrDefault("run") == "pushed"
                )
                .Value;
        Assert.Equal(20, Value("curvature_training_step"));
        Assert.Equal(20, Value("curvature_result_step", "operator", "hessian"));
        Assert.Equal(1, Value("curvature_run_state", "state", "finished"));
        Assert.Equal(20, Value("curvature_checkpoints_emitted_total"));
        Assert.Contains(last.Points, point => point is { Metric: "curvature_job_duration_seconds", Kind: "histogram" });
        Assert.Contains(last.Points, point => point.Metric == "dotnet.gc.collections");
        Assert.Equal("curvature", last.Resource["service.name"]);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_disturbs_no_training_and_is_told_of_once()
    {
        using var process = HostProcess.Start(
            new Dictionary<string, string> { ["OTEL_METRIC_EXPORT_INTERVAL"] = "50" },
            [.. Training, $"http://127.0.0.1:{FreePort.Find()}"]
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Empty(process.Errors);
        Assert.Single(Regex.Matches(process.Output, "metrics cannot be pushed"));
    }

    [Fact]
    public async Task A_server_takes_its_collector_and_its_name_from_the_environment()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await OtlpReceiver.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "laboratory",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=node-7,team=optimisers",
        };
        using var process = HostProcess.Start(environment, "serve", "--data-dir", folder["data"], "--port", "0");
        var address = await process.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        await client.GetStringAsync("/metrics");
        var resource = (
            await Until.HasAsync(() =>
                receiver.Requests.LastOrDefault(request =>
                    request.Points.Any(point => point.Metric == "http.server.request.duration")
                )
            )
        ).Resource;
        Assert.Equal("laboratory", resource["service.name"]);
        Assert.Equal("node-7", resource["service.instance.id"]);
        Assert.Equal("optimisers", resource["team"]);
    }
}
