using CurvatureMonitor.Metrics.Runtime;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class MeterBridgeTests
{
    [Fact]
    public void Instruments_are_named_as_OpenTelemetry_names_them_in_Prometheus()
    {
        var names = BridgedInstruments
            .ByMeter.Values.SelectMany(list => list)
            .Select(instrument => instrument.FamilyName)
            .ToList();
        Assert.Contains("dotnet_process_cpu_time_seconds_total", names);
        Assert.Contains("dotnet_process_memory_working_set_bytes", names);
        Assert.Contains("dotnet_gc_collections_total", names);
        Assert.Contains("dotnet_gc_heap_total_allocated_bytes_total", names);
        Assert.Contains("http_server_request_duration_seconds", names);
        Assert.Contains("http_server_active_requests", names);
    }

    [Fact]
    public void The_runtime_is_read_at_every_scrape_and_its_counters_grow()
    {
        var metrics = new CurvatureMetrics();
        using var bridge = new MeterBridge(metrics.Registry);
        double before = metrics.Value("dotnet_gc_collections_total", ("gc_heap_generation", "gen2"))!.Value;
        GC.Collect();
        Assert.True(metrics.Value("dotnet_gc_collections_total", ("gc_heap_generation", "gen2")) > before);
        Assert.InRange(metrics.Value("dotnet_process_memory_working_set_bytes")!.Value, 1e6, 1e12);
        Assert.Equal(2, metrics.Samples().Count(sample => sample.Name == "dotnet_process_cpu_time_seconds_total"));
    }
}
