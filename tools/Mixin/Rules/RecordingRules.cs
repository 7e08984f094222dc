namespace CurvatureMonitor.Mixin.Rules;

/// <summary>The series that alerts and dashboards share.</summary>
internal sealed class RecordingRules(MixinConfiguration configuration)
{
    public const string WorstRatio = "run:curvature_stability_ratio:max";
    public const string MeanRatio = "run_kind:curvature_stability_ratio:mean";
    public const string ResidualRatio = "run_operator:curvature_lambda_max_residual:ratio";
    public const string TraceErrorRatio = "run_operator:curvature_trace_stderr:ratio";
    public const string FrobeniusErrorRatio = "run_operator:curvature_frobenius_norm_stderr:ratio";
    public const string NegativeRatio = "run_operator:curvature_lambda_min:ratio";
    public const string LagSteps = "run_operator:curvature_result_lag:steps";
    public const string ResultAge = "run:curvature_result_age:seconds";
    public const string LossChange = "run:curvature_training_loss:change";
    public const string BatchNoiseRatio = "run:curvature_training_batch_size:noise_ratio";
    public const string DroppedRatio = "run:curvature_checkpoints_dropped:ratio";
    public const string JobSeconds = "run_analysis:curvature_job_duration:mean_seconds";

    /// <summary>
    /// The reasons that mean "there was no time to measure it"; a refused or a broken checkpoint is another matter.
    /// </summary>
    public const string Overtaken = "reason=~\"superseded|expired|spool_full\"";

    /// <summary>
    /// The operators whose estimates are judged; the residual's trace may be 0, and a ratio to it says nothing.
    /// </summary>
    public const string Judged = "operator=~\"hessian|ggn\"";

    /// <summary>The rules in order.</summary>
    public IReadOnlyList<RecordingRule> All()
    {
        var c = configuration;
        var s = c.Recording;
        var run = c.RunLabels;
        var drop = s["dropWindow"];
        var duration = s["durationWindow"];
        var loss = s["lossWindow"];
        return
        [
            new(WorstRatio, $"max by ({run}) ({c.Metric("curvature_stability_ratio")})"),
            new(MeanRatio, $"avg_over_time({c.Metric("curvature_stability_ratio")}[{s["ratioMeanWindow"]}])"),
            new(
                ResidualRatio,
                $"{c.Metric("curvature_lambda_max_residual", Judged)} / abs({c.Metric("curvature_lambda_max", Judged)})"
            ),
            new(
                TraceErrorRatio,
                $"{c.Metric("curvature_trace_stderr", Judged)} / abs({c.Metric("curvature_trace", Judged)})"
            ),
            new(
                FrobeniusErrorRatio,
                $"{c.Metric("curvature_frobenius_norm_stderr", Judged)} / "
                    + $"{c.Metric("curvature_frobenius_norm", Judged)}"
            ),
            new(
                NegativeRatio,
                $"clamp_min(-{c.Metric("curvature_lambda_min")}, 0) / ({c.Metric("curvature_lambda_max")} > 0)"
            ),
            new(
                LagSteps,
                $"clamp_min({c.Metric("curvature_training_step")} - on ({run}) group_right () "
                    + $"{c.Metric("curvature_result_step")}, 0)"
            ),
            new(
                ResultAge,
                $"time() - max by ({run}) ({c.Metric("curvature_result_timestamp_seconds")} or "
                    + $"{c.Metric("curvature_analysis_timestamp_seconds")})"
            ),
            new(
                LossChange,
                $"""
                deriv({c.Metric("curvature_training_loss")}[{loss}]) * {s.Seconds("lossWindow")}
                  / abs(avg_over_time({c.Metric("curvature_training_loss")}[{loss}]))
                """
            ),
            new(
                BatchNoiseRatio,
                $"{c.Metric("curvature_training_batch_size")} / ({c.Metric("curvature_gradient_noise_scale_samples")} "
                    + $"> 0)"
            ),
            new(
                DroppedRatio,
                $"""
                sum by ({run}) (increase({c.Metric("curvature_checkpoints_dropped_total", Overtaken)}[{drop}]))
                  / (sum by ({run}) (increase({c.Metric("curvature_checkpoints_emitted_total")}[{drop}])) > 0)
                """
            ),
            new(
                JobSeconds,
                $"""
                sum by ({run}, analysis) (rate({c.Metric("curvature_job_duration_seconds_sum")}[{duration}]))
                  / (sum by ({run}, analysis) (rate({c.Metric(
                    "curvature_job_duration_seconds_count"
                )}[{duration}])) > 0)
                """
            ),
        ];
    }
}
