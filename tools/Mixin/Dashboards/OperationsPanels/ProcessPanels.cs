namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>The process of the monitor.</summary>
internal sealed class ProcessPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                8,
                Panel
                    .TimeSeries(
                        "Native memory",
                        "bytes",
                        "Native memory in use, and the working set of the process. When the first keeps rising at "
                            + "constant load, something leaks: report it.",
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
                        "Live objects that hold tensors. Their number goes up and down with jobs and returns to where "
                            + "it was; a stair that only rises is a leak.",
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
