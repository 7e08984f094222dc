using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary><c>Curvature operations</c>: queues, workers, cost, drops, and the monitor's own process.</summary>
internal sealed class OperationsDashboard(MixinConfiguration c)
{
    public const string Uid = "curvature-operations";

    public JsonObject Build() =>
        new Dashboard(c, Uid, "Curvature operations", "Whether the monitor keeps up and has what it needs.")
            .Annotation(
                "Operational alerts",
                "orange",
                "ALERTS{alertname=~\"Curvature.*\",alertstate=\"firing\",severity=\"warning\"}",
                "{{alertname}}",
                "{{run}} {{worker}}"
            )
            .Row("Monitor", 5, Monitor())
            .Row("Jobs and cost", 8, Jobs())
            .Row("Checkpoints", 8, Checkpoints())
            .Row("Workers and queues", 8, Workers())
            .Row("Process", 8, Process())
            .Build();

    private (int, Panel)[] Monitor() =>
        [
            (
                4,
                Panel
                    .Stat(
                        "Monitors up",
                        "none",
                        "Monitors that Prometheus reaches. 0 means that nothing below is current and no alert can "
                            + "fire: see whether the process lives.",
                        new Query($"sum({c.Metric("up")})", "up")
                    )
                    .Thresholds(new Threshold("red"), new Threshold("green", 1))
            ),
            (
                5,
                Panel
                    .Stat(
                        "Version",
                        "none",
                        "What runs. Two versions at once: an update has not reached every monitor.",
                        new Query(
                            $"count by (version, revision) ({c.Metric("curvature_build_info")})",
                            "{{version}} {{revision}}"
                        )
                    )
                    .Option("textMode", "name")
            ),
            (
                5,
                Panel.Stat(
                    "Runs served",
                    "none",
                    "Runs with series, those in their time of grace after the end included.",
                    new Query($"count({c.Metric("curvature_run_info")})", "runs")
                )
            ),
            (
                5,
                Panel
                    .Stat(
                        "Runs evicted",
                        "none",
                        "Runs whose series were dropped early because there were too many, in the range shown. Above "
                            + "0: raise the cap on runs, or use more monitors.",
                        new Query($"sum(increase({c.Metric("curvature_runs_evicted_total")}[1h]))", "evicted")
                    )
                    .Thresholds(new Threshold("green"), new Threshold("orange", 1))
            ),
            (
                5,
                Panel
                    .Stat(
                        "Dead letters",
                        "none",
                        "Messages within the monitor that reached no actor, in an hour. A few at the end of runs are "
                            + "normal; many mean that an actor has stopped.",
                        new Query($"sum(increase({c.Metric("curvature_dead_letters_total")}[1h]))", "dead letters")
                    )
                    .Thresholds(new Threshold("green"), new Threshold("orange", 10))
            ),
        ];

    private (int, Panel)[] Jobs() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Jobs by outcome",
                        "cpm",
                        "Jobs a minute over all runs. Failures that persist: the page's events and the monitor's log "
                            + "say why.",
                        new Query(
                            $"60 * sum by (analysis, outcome) "
                                + $"(rate({c.Metric("curvature_jobs_total")}[$__rate_interval]))",
                            "{{analysis}} {{outcome}}"
                        )
                    )
                    .Stacked()
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Job duration",
                        "s",
                        "Median and 95th percentile of the time a job takes, by analysis. When it grows, look at "
                            + "memory: kept graphs that no longer fit cost twice "
                            + "the time.",
                        new Query(
                            $"histogram_quantile(0.5, sum by (le, analysis) "
                                + $"(rate({c.Metric("curvature_job_duration_seconds_bucket")}[5m])))",
                            "{{analysis}} median"
                        ),
                        new Query(
                            $"histogram_quantile(0.95, sum by (le, analysis) "
                                + $"(rate({c.Metric("curvature_job_duration_seconds_bucket")}[5m])))",
                            "{{analysis}} 95 %"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Failed jobs by reason",
                        "cpm",
                        "Failures a minute by reason. Out of memory: smaller micro-batch or larger budget. Unsupported "
                            + "operation: see docs/analyses.md. Not finite: "
                            + "the run has diverged.",
                        new Query(
                            $"60 * sum by (analysis, reason) "
                                + $"(rate({c.Metric("curvature_job_failures_total")}[$__rate_interval]))",
                            "{{analysis}} {{reason}}"
                        )
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Curvature products",
                        "ops",
                        "Applications of an operator a second, by run: who uses the machine.",
                        new Query(
                            $"sum by (run, operator) (rate({c.Metric("curvature_products_total")}[$__rate_interval]))",
                            "{{run}} {{operator}}"
                        )
                    )
                    .Stacked()
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Share of wall time that measuring takes",
                        "percentunit",
                        "Seconds of measuring a second, by run; several curvature actors add up to more than 1. "
                            + "--overhead-budget bounds it.",
                        new Query(c.Metric("curvature_overhead_ratio"), "{{run}}")
                    )
                    .Range(0)
            ),
        ];

    private (int, Panel)[] Checkpoints() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Emitted and dropped",
                        "cpm",
                        "Checkpoints a minute: emitted, and dropped by reason. Superseded is normal (the newest wins); "
                            + "every other reason wants a look.",
                        new Query(
                            $"60 * sum(rate({c.Metric("curvature_checkpoints_emitted_total")}[$__rate_interval]))",
                            "emitted"
                        ),
                        new Query(
                            $"60 * sum by (reason) "
                                + $"(rate({c.Metric("curvature_checkpoints_dropped_total")}[$__rate_interval]))",
                            "{{reason}}"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Share overtaken before they were measured",
                        "percentunit",
                        "Of the checkpoints of the last minutes, how many were dropped because measuring was not done "
                            + "with the one before. Near 1: measure less or "
                            + "add workers.",
                        new Query(RecordingRules.DroppedRatio, "{{run}}")
                    )
                    .Range(0, 1)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Age of the last result",
                        "s",
                        "Time since anything of a run was measured. When it keeps rising while the run is at work, "
                            + "jobs hang or no checkpoints come.",
                        new Query(RecordingRules.ResultAge, "{{run}}"),
                        new Query(
                            $"time() - {c.Metric("curvature_checkpoint_timestamp_seconds")}",
                            "{{run}} last checkpoint"
                        )
                    )
                    .Range(0)
            ),
        ];

    private (int, Panel)[] Workers() =>
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

    private (int, Panel)[] Process() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Native memory",
                        "bytes",
                        "Bytes held by live native objects, and the working set of the process. When the first keeps "
                            + "rising at constant load, something leaks: report it.",
                        new Query(c.Metric("curvature_native_bytes"), "{{instance}} native"),
                        new Query(c.Metric("dotnet_process_memory_working_set_bytes"), "{{instance}} working set")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Native objects",
                        "none",
                        "Live native objects. It goes up and down with jobs and returns to where it was; a stair that "
                            + "only rises is a leak.",
                        new Query(c.Metric("curvature_native_objects"), "{{instance}}")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Actors",
                        "none",
                        "Restarts of actors in an hour, and messages that wait in mailboxes. Restarts that repeat: the "
                            + "log has the exception. A mailbox that grows: "
                            + "that actor is the bottleneck.",
                        new Query($"increase({c.Metric("curvature_actor_restarts_total")}[1h])", "{{actor}} restarts"),
                        new Query(c.Metric("curvature_mailbox_depth"), "{{actor}} mailbox")
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Garbage collection",
                        "percentunit",
                        "Share of time in which the runtime pauses for garbage collection. Above some per cent: report "
                            + "it.",
                        new Query(
                            $"rate({c.Metric("dotnet_gc_pause_time_seconds_total")}[$__rate_interval])",
                            "{{instance}}"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "HTTP requests",
                        "s",
                        "95th percentile of the time that requests take, by route. Event streams last as long as "
                            + "somebody watches; uploads as long as their network takes.",
                        new Query(
                            $"histogram_quantile(0.95, sum by (le, http_route) "
                                + "(rate("
                                + c.Metric("http_server_request_duration_seconds_bucket", "http_route!=\"\"")
                                + "[5m])))",
                            "{{http_route}}"
                        )
                    )
                    .Range(0)
            ),
            (
                8,
                Panel
                    .TimeSeries(
                        "Scrape",
                        "s",
                        "Time that a scrape of the monitor takes (left), and its samples (right). Above a second: "
                            + "fewer runs a monitor, or a shorter time of grace.",
                        new Query(c.Metric("scrape_duration_seconds"), "{{instance}} duration"),
                        new Query(c.Metric("scrape_samples_scraped"), "{{instance}} samples")
                    )
                    .Range(0)
                    .OverrideQuery("B", ("custom.axisPlacement", "right"), ("unit", "none"))
            ),
        ];
}
