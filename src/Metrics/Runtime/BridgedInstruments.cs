using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Runtime;

/// <summary>What is served of the meters of .NET and of ASP.NET Core, by meter.</summary>
/// <remarks>
/// Instruments whose name ends in <c>.count</c> are left out: as a gauge or a counter Prometheus would take them for a
/// part of a histogram, and its linter rejects them.
/// </remarks>
internal static class BridgedInstruments
{
    public static IReadOnlyDictionary<string, IReadOnlyList<BridgedInstrument>> ByMeter { get; } =
        new Dictionary<string, IReadOnlyList<BridgedInstrument>>
        {
            ["System.Runtime"] =
            [
                new(
                    "dotnet.process.cpu.time",
                    MetricType.Counter,
                    "s",
                    "Processor time that the process has used, by mode.",
                    "cpu.mode"
                ),
                new("dotnet.process.memory.working_set", MetricType.Gauge, "By", "Physical memory of the process."),
                new(
                    "dotnet.gc.collections",
                    MetricType.Counter,
                    "{collection}",
                    "Garbage collections, by generation.",
                    "gc.heap.generation"
                ),
                new("dotnet.gc.heap.total_allocated", MetricType.Counter, "By", "Bytes allocated on the managed heap."),
                new(
                    "dotnet.gc.last_collection.memory.committed_size",
                    MetricType.Gauge,
                    "By",
                    "Memory that the garbage collector had committed at its last collection."
                ),
                new(
                    "dotnet.gc.last_collection.heap.size",
                    MetricType.Gauge,
                    "By",
                    "Size of the managed heap at the last collection, by generation.",
                    "gc.heap.generation"
                ),
                new(
                    "dotnet.gc.pause.time",
                    MetricType.Counter,
                    "s",
                    "Time that the process stood still for garbage collections."
                ),
                new(
                    "dotnet.jit.compilation.time",
                    MetricType.Counter,
                    "s",
                    "Time that the just-in-time compiler took."
                ),
                new(
                    "dotnet.thread_pool.queue.length",
                    MetricType.Gauge,
                    "{work_item}",
                    "Work items that wait for a thread of the pool."
                ),
                new(
                    "dotnet.monitor.lock_contentions",
                    MetricType.Counter,
                    "{contention}",
                    "Times that a lock was not free."
                ),
                new(
                    "dotnet.exceptions",
                    MetricType.Counter,
                    "{exception}",
                    "Exceptions thrown, by type.",
                    "error.type"
                ),
            ],
            ["Microsoft.AspNetCore.Hosting"] =
            [
                new(
                    "http.server.request.duration",
                    MetricType.Histogram,
                    "s",
                    "Time that requests over HTTP took.",
                    "http.request.method",
                    "http.route",
                    "http.response.status_code"
                ),
                new(
                    "http.server.active_requests",
                    MetricType.Gauge,
                    "{request}",
                    "Requests over HTTP under way.",
                    "http.request.method"
                ),
            ],
        };
}
