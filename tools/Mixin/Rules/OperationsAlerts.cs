namespace CurvatureMonitor.Mixin.Rules;

/// <summary>Alerts about the monitor itself: is what it shows fresh, and does it have what it needs.</summary>
internal sealed class OperationsAlerts(MixinConfiguration c)
{
    private readonly string _running = AlertRules.WhileRunning(c);

    public IReadOnlyList<AlertRule> All() =>
        [
            StaleResults(),
            StaleTrainer(),
            FallingBehind(),
            OutOfMemory(),
            RunDegraded(),
            WorkerDown(),
            NoWorkers(),
            DeadLetters(),
            ClusterLeft(),
            CertificateExpires(),
            MonitorDown(),
        ];

    private AlertRule StaleResults()
    {
        const string Name = "CurvatureStale";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            (
                {RecordingRules.ResultAge} > {s.Seconds("age")}
              or
                time() - {c.Metric("curvature_run_start_timestamp_seconds")} > {s.Seconds("age")}
                  unless on ({c.RunLabels}) {RecordingRules.ResultAge}
            )
              {_running}
            """,
            """Run {{ $labels.run }}: no new measurement for {{ $value | humanizeDuration }}""",
            """The trainer is at work, but nothing was measured for {{ $value | humanizeDuration }} (allowed: """
                + $$$"""{{{s["age"]}}}). What is shown """
                + $$$"""describes an old checkpoint. See whether checkpoints come, and whether jobs fail or hang."""
        )
        {
            Labels = new Dictionary<string, string> { ["what"] = "results" },
        };
    }

    private AlertRule StaleTrainer() =>
        new(
            "CurvatureStale",
            $"{c.Metric("curvature_run_state", "state=\"stale\"")} == 1",
            """Run {{ $labels.run }}: the trainer has gone silent""",
            """The monitor has heard nothing from the trainer for so long that it calls the run stale. See whether """
                + """the training process lives and reaches """
                + """the monitor."""
        )
        {
            Labels = new Dictionary<string, string> { ["what"] = "trainer" },
        };

    private AlertRule FallingBehind()
    {
        const string Name = "CurvatureFallingBehind";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            {RecordingRules.DroppedRatio} > {s["dropped"]}
              {_running}
            """,
            """Run {{ $labels.run }}: {{ $value | humanizePercentage }} of the checkpoints are overtaken before """
                + """they are measured""",
            """Measuring takes much longer than the time between checkpoints: {{ $value | humanizePercentage }} """
                + """of those of the last """
                + $$$"""{{{c.Recording["dropWindow"]}}} were dropped unmeasured. What is measured is right, only """
                + """rare. Emit fewer checkpoints, use fewer """
                + $$$"""Lanczos steps or a smaller probe set, or add workers."""
        );
    }

    private AlertRule OutOfMemory()
    {
        const string Name = "CurvatureOutOfMemory";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"increase({c.Metric("curvature_job_failures_total", "reason=\"out_of_memory\"")}[{s["window"]}]) > 0",
            """Run {{ $labels.run }}: {{ $labels.analysis }} has run out of memory""",
            """{{ printf "%.0f" $value }} jobs of the analysis {{ $labels.analysis }} failed for want of memory """
                + $$$"""in the last {{{s["window"]}}}. The """
                + """run goes on without them. Use a smaller micro_batch, a smaller probe set, or a larger """
                + """--memory-budget."""
        );
    }

    private AlertRule RunDegraded() =>
        new(
            "CurvatureRunDegraded",
            $"{c.Metric("curvature_run_degraded")} == 1",
            """Run {{ $labels.run }} has checkpoints that break every worker""",
            """A checkpoint of this run was given up, because every worker that began it died, or was at it """
                + """beyond its time. The run goes on with a gap. Log and history say which checkpoint it was."""
        );

    private AlertRule WorkerDown() =>
        new(
            "CurvatureWorkerDown",
            $"{c.Metric("curvature_worker_up")} == 0",
            """Curvature worker {{ $labels.worker }} is down""",
            """The worker {{ $labels.worker }} ({{ $labels.device }}) is lost. Its job goes to another """
                + """worker. See its log, and start it again."""
        );

    private AlertRule NoWorkers() =>
        new(
            "CurvatureNoWorkers",
            $"""
            (sum by ({c.MonitorLabels}) ({c.Metric("curvature_worker_up")}) == 0)
              or (max by ({c.MonitorLabels}) ({c.Metric(
                "curvature_cluster_joined"
            )}) == 1 unless on ({c.MonitorLabels}) {c.Metric("curvature_worker_up")})
            """,
            """No curvature worker is up at {{ $labels.instance }}""",
            """Checkpoints wait and nothing is measured. Start a worker: curvature worker --join HOST:PORT."""
        );

    private AlertRule DeadLetters()
    {
        const string Name = "CurvatureDeadLetters";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"increase({c.Metric("curvature_dead_letters_total")}[{s["window"]}]) > {s["count"]}",
            """Messages are lost at {{ $labels.instance }}""",
            $$$"""{{ printf "%.0f" $value }} messages reached no actor in the last {{{s["window"]}}} (more than """
                + $$$"""{{{s["count"]}}}). Some are normal """
                + $$$"""when runs end; many mean that an actor has stopped that others still write to."""
        );
    }

    private AlertRule ClusterLeft() =>
        new(
            "CurvatureClusterLeft",
            $"{c.Metric("curvature_cluster_joined")} == 0",
            """The host at {{ $labels.instance }} takes no part in its cluster""",
            """Checkpoints wait and nothing is measured, whatever workers there are. The host tries again by itself: """
                + """see its log for what keeps it out, and whether its port and its credentials are as they were."""
        );

    private AlertRule CertificateExpires()
    {
        const string Name = "CurvatureCertificateExpires";
        string left = $"{c.Metric("curvature_cluster_certificate_expiry_timestamp_seconds")} - time()";
        return new AlertRule(
            Name,
            $"{left} < {c.Alert(Name).Seconds("left")}",
            """The certificate of the host at {{ $labels.instance }} is over in {{ $value | humanizeDuration }}""",
            """Connections that are made after that are refused: the host loses its workers one by one, and nothing """
                + """is measured. Renew it with 'curvature cluster renew', and copy it to the host."""
        );
    }

    private AlertRule MonitorDown() =>
        new(
            "CurvatureMonitorDown",
            $"{c.Metric("up")} == 0",
            """The monitor at {{ $labels.instance }} cannot be scraped""",
            """While it cannot be scraped no other alert about its runs can fire: silence means nothing. See """
                + """whether the process lives and its port is reached."""
        );
}
