namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>Workers, queues and the broker.</summary>
internal sealed class WorkerPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                6,
                Panel
                    .TimeSeries(
                        "Workers",
                        "none",
                        "Workers that answer, and those that are at a job. All busy with a queue that grows: add "
                            + "workers. Down: see the worker's log.",
                        new Query($"sum({c.Metric("curvature_worker_up")})", "up"),
                        new Query($"sum({c.Metric("curvature_worker_busy")})", "busy")
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Time since a worker was heard",
                        "s",
                        "By worker. Beyond a minute or so the worker is down or cut off.",
                        new Query(
                            $"time() - {c.Metric("curvature_worker_last_seen_timestamp_seconds")}",
                            "{{worker}} {{device}}"
                        )
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Queues",
                        "none",
                        "Messages that wait, and that are delivered and not yet acknowledged. A queue that only grows "
                            + "has too few consumers.",
                        new Query(c.Metric("curvature_queue_depth"), "{{queue}} waiting"),
                        new Query(c.Metric("curvature_queue_unacked"), "{{queue}} unacknowledged")
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Redeliveries",
                        "cpm",
                        "Messages a minute that had to be delivered again: workers that died at a job, or connections "
                            + "that broke.",
                        new Query(
                            $"60 * sum by (queue) (rate({c.Metric("curvature_redeliveries_total")}[$__rate_interval]))",
                            "{{queue}}"
                        )
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Broker connection",
                        "none",
                        "1 while the connection stands, by role, and the consumers registered. Connected with no "
                            + "consumer: restart the process of that role.",
                        new Query(c.Metric("curvature_bus_connected"), "{{role}} connected"),
                        new Query(c.Metric("curvature_bus_consumers"), "{{role}} consumers")
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Broker reconnects",
                        "cpm",
                        "Reconnects a minute. More than now and then: see the broker's log and the network.",
                        new Query(
                            $"60 * rate({c.Metric("curvature_bus_reconnects_total")}[$__rate_interval])",
                            "{{role}}"
                        )
                    )
                    .Range(0)
            ),
        ];
}
