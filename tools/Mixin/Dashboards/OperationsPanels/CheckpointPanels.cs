using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>Checkpoints and the age of results.</summary>
internal sealed class CheckpointPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
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
}
