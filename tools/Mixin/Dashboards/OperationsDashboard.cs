using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

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
            .Row("Monitor", 5, new MonitorPanels(c).Build())
            .Row("Jobs and cost", 8, new JobPanels(c).Build())
            .Row("Checkpoints", 8, new CheckpointPanels(c).Build())
            .Row("Workers and queues", 8, new WorkerPanels(c).Build())
            .Row("Process", 8, new ProcessPanels(c).Build())
            .Build();
}
