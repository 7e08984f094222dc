using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about broker and workers. Without a cluster they have no samples.</summary>
internal sealed class ClusterFamilies(MetricRegistry registry)
{
    private static readonly string[] Queue = ["queue"];
    private static readonly string[] Role = ["role"];
    private static readonly string[] Worker = ["worker", "device"];

    public MetricFamily<Gauge> QueueDepth { get; } =
        registry.AddGauge(
            "curvature_queue_depth",
            "Messages that wait in the broker's queues, by kind of queue (tickets, slots, results, dead).",
            Queue
        );

    public MetricFamily<Gauge> QueueUnacked { get; } =
        registry.AddGauge(
            "curvature_queue_unacked",
            "Messages that this process was handed and has not acknowledged, by kind of queue; absent where others are "
                + "handed them.",
            Queue
        );

    public MetricFamily<Counter> Redeliveries { get; } =
        registry.AddCounter(
            "curvature_redeliveries_total",
            "Messages that the broker had to deliver again, by kind of queue.",
            Queue
        );

    public MetricFamily<Gauge> WorkerUp { get; } =
        registry.AddGauge(
            "curvature_worker_up",
            "1 while a worker is heard, 0 once it is silent; absent when it has been silent for long, or has stopped "
                + "in order.",
            Worker
        );

    public MetricFamily<Gauge> WorkerBusy { get; } =
        registry.AddGauge("curvature_worker_busy", "1 while a worker has a job, else 0.", Worker);

    public MetricFamily<Gauge> WorkerLastSeen { get; } =
        registry.AddGauge(
            "curvature_worker_last_seen_timestamp_seconds",
            "When a worker was last heard, in Unix time.",
            Worker,
            "seconds"
        );

    public MetricFamily<Gauge> BusConnected { get; } =
        registry.AddGauge("curvature_bus_connected", "1 while this process is connected to the broker, else 0.", Role);

    public MetricFamily<Gauge> BusConsumers { get; } =
        registry.AddGauge(
            "curvature_bus_consumers",
            "Queues that this process consumes from and that the broker agrees have a consumer; 0 while it is not "
                + "connected.",
            Role
        );

    public MetricFamily<Counter> BusReconnects { get; } =
        registry.AddCounter(
            "curvature_bus_reconnects_total",
            "Connections to the broker that were built anew after a loss.",
            Role
        );
}
