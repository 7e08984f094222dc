using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about this process.</summary>
internal sealed class ProcessFamilies(MetricRegistry registry)
{
    private static readonly string[] Actor = ["actor"];

    public MetricFamily<Counter> RunsEvicted { get; } =
        registry.AddCounter(
            "curvature_runs_evicted_total",
            "Runs whose series were dropped early because there were too many runs."
        );

    public MetricFamily<Counter> ActorRestarts { get; } =
        registry.AddCounter("curvature_actor_restarts_total", "Restarts of an actor by its supervisor.", Actor);

    public MetricFamily<Counter> DeadLetters { get; } =
        registry.AddCounter("curvature_dead_letters_total", "Messages that no actor received.");

    public MetricFamily<Gauge> MailboxDepth { get; } =
        registry.AddGauge("curvature_mailbox_depth", "Messages that wait in the mailbox of an actor.", Actor);

    public MetricFamily<Gauge> NativeBytes { get; } =
        registry.AddGauge("curvature_native_bytes", "Native memory in use, with tensors on the CPU.", unit: "bytes");

    public MetricFamily<Gauge> NativeObjects { get; } =
        registry.AddGauge("curvature_native_objects", "Live objects that hold tensors.");

    public MetricFamily<Info> Build { get; } =
        registry.AddInfo("curvature_build_info", "The program that serves these metrics.", ["version", "revision"]);
}
