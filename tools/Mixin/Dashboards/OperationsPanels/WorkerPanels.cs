namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>Workers, and the cluster around them.</summary>
internal sealed class WorkerPanels(MixinConfiguration c)
{
    private string Losses => c.Metric("curvature_worker_losses_total");

    private string Reassignment => c.Metric("curvature_reassignment_seconds_bucket");

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
                        "Members",
                        "none",
                        "Other members of the cluster by role. Unreachable ones come back or are removed within half a "
                            + "minute; longer is a split: see docs/cluster.md.",
                        new Query(c.Metric("curvature_cluster_members"), "{{role}} {{state}}")
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Lost workers",
                        "cpm",
                        "Workers a minute that were lost, by the signal that told it. Disassociated: the process "
                            + "ended. Unreachable: the machine or the network.",
                        new Query(
                            $"60 * sum by (signal) (rate({Losses}[$__rate_interval]))",
                            "{{signal}}"
                        )
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Assignments",
                        "cpm",
                        "Jobs a minute that were given to workers. More than answers: jobs are tried again, and the "
                            + "losses beside say why.",
                        new Query(
                            $"60 * rate({c.Metric("curvature_assignments_total")}[$__rate_interval])",
                            "assignments"
                        )
                    )
                    .Range(0)
            ),
            (
                6,
                Panel
                    .TimeSeries(
                        "Answers kept",
                        "none",
                        "Answers on the disks of workers that no host has taken. More than a few, and growing: the "
                            + "host cannot write its journal, or is away.",
                        new Query(c.Metric("curvature_answers_kept"), "kept")
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "From loss to reassignment",
                        "s",
                        "Time from the loss of a worker to the start of its job elsewhere. Long: no other worker was "
                            + "free.",
                        new Query(
                            $"histogram_quantile(0.5, sum by (le) (rate({Reassignment}[$__rate_interval])))",
                            "median"
                        )
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Host in the cluster",
                        "none",
                        "1 while the host takes part in its cluster. 0: jobs wait, and nothing is measured; the host's "
                            + "log says what keeps it out.",
                        new Query(c.Metric("curvature_cluster_joined"), "{{instance}}")
                    )
                    .Range(0)
            ),
            (
                12,
                Panel.TimeSeries(
                    "Certificate of the host",
                    "s",
                    "Time until the host's certificate, or that of its authority, is over; members refuse connections "
                        + "after that. The alert begins 14 days before.",
                    new Query(
                        $"{c.Metric("curvature_cluster_certificate_expiry_timestamp_seconds")} - time()",
                        "{{instance}}"
                    )
                )
            ),
        ];
}
