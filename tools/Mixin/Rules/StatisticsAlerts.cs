namespace CurvatureMonitor.Mixin.Rules;

/// <summary>
/// Alerts about variances, damping, batch size, negative curvature, eigenvectors, and numbers that are none.
/// </summary>
internal sealed class StatisticsAlerts(MixinConfiguration c)
{
    private const string NonFiniteName = "CurvatureNonFinite";

    private readonly string _running = AlertRules.WhileRunning(c);

    public IReadOnlyList<AlertRule> All() =>
        [
            VarianceRising(),
            Damping(),
            Batch(
                "CurvatureBatchTooLarge",
                ">",
                "larger than it need be",
                "Samples are spent that hardly improve a step: a smaller batch makes more steps of the same data."
            ),
            Batch(
                "CurvatureBatchTooSmall",
                "<",
                "small for the noise",
                "Steps are mostly noise: a larger batch, or a lower learning rate, makes them worth more."
            ),
            NegativeCurvature(),
            Rotated(),
            NonFinite("loss", "curvature_training_loss"),
            NonFinite("gradient_norm", "curvature_gradient_norm"),
            NonFinite("lambda_max", "curvature_lambda_max"),
            NonFinite("lambda_min", "curvature_lambda_min"),
            Diverged(),
        ];

    private AlertRule VarianceRising()
    {
        const string Name = "CurvatureHessianVarianceRising";
        var s = c.Alert(Name);
        var variance = c.Metric("curvature_hessian_variance");
        return new AlertRule(
            Name,
            $"""
            {variance} / ({variance} offset {s["window"]} > 0) > {s["factor"]}
              {_running}
            """,
            """Run {{ $labels.run }}: the Hessian differs between samples {{ printf "%.1f" $value }} times as much """
                + """as before""",
            """The variance of the {{ $labels.operator }} over samples ({{ $labels.direction }}) is """
                + """{{ printf "%.1f" $value }} times that of """
                + $$$"""{{{s["window"]}}} ago, more than {{{s["factor"]}}}. Batches see sharper directions than """
                + """the whole data: watch the batch sharpness, """
                + $$$"""raise the batch size or lower the learning rate."""
        );
    }

    private AlertRule Damping()
    {
        const string Name = "CurvatureDampingTooSmall";
        // At or below the floor it is there to keep a division from zero, as Adam's usual epsilon is, and nobody meant
        // it to damp.
        return new AlertRule(
            Name,
            $"""
            ({c.Metric("curvature_training_damping")} > {c.Alert(Name)["floor"]}) / ({c.Metric(
                "curvature_damping_minimum"
            )} > 0) < 1
              {_running}
            """,
            """Run {{ $labels.run }}: the damping is too small for the noise of its batches""",
            """The optimiser's damping is {{ printf "%.2g" $value }} of the minimum that sampling noise asks for """
                + """at this learning rate and batch size. """
                + """Raise the damping, raise the batch size, or lower the learning rate."""
        );
    }

    private AlertRule Batch(string name, string comparison, string what, string advice)
    {
        var ratio = c.Alert(name)["ratio"];
        return new AlertRule(
            name,
            $"""
            {RecordingRules.BatchNoiseRatio} {comparison} {ratio}
              {_running}
            """,
            $$$"""Run {{ $labels.run }}: the batch is {{{what}}}""",
            $$$"""Batch size / gradient noise scale is {{ printf "%.2g" $value }} ({{{comparison}}} {{{ratio}}}). """
                + $$$"""{{{advice}}}"""
        );
    }

    private AlertRule NegativeCurvature()
    {
        const string Name = "CurvatureNegativeCurvature";
        var s = c.Alert(Name);
        var window = c.Recording["lossWindow"];
        return new AlertRule(
            Name,
            $$"""
            {{RecordingRules.NegativeRatio}}{operator="hessian"} > {{s["ratio"]}}
              and on ({{c.RunLabels}}) abs({{RecordingRules.LossChange}}) < {{s["lossChange"]}}
              and on ({{c.RunLabels}}) {{c.Metric("curvature_training_loss")}} offset {{window}}
              {{_running}}
            """,
            """Run {{ $labels.run }}: strong negative curvature while the loss stands still""",
            """The most negative eigenvalue is {{ $value | humanizePercentage }} of the largest in size, and """
                + """the loss has hardly changed in """
                + $$$"""{{{window}}}: the run sits near a saddle. More noise, momentum or patience gets off it; a """
                + """lower learning rate does not."""
        );
    }

    private AlertRule Rotated()
    {
        const string Name = "CurvatureSubspaceRotated";
        var s = c.Alert(Name);
        // Twice: the step that the values describe has changed within the window, and the overlap was small all through
        // it.
        return new AlertRule(
            Name,
            $"""
            max_over_time({c.Metric("curvature_eigenvector_overlap", "rank=\"1\"")}[{s["window"]}]) < {s["overlap"]}
              and on ({c.RunLabels}) changes({c.Metric("curvature_analysis_step", "analysis=\"tracking\"")}[{s[
                "window"
            ]}]) >= 1
              {_running}
            """,
            """Run {{ $labels.run }}: the sharpest direction of the {{ $labels.operator }} has turned away""",
            """The top eigenvector's overlap with that of the checkpoint before was at most """
                + """{{ printf "%.2f" $value }} in at least two measurements """
                + $$$"""in a row (below {{{s["overlap"]}}}). What was learned about the sharpest direction no """
                + """longer holds; measure more often, or look for """
                + $$$"""a change of data or learning rate."""
        );
    }

    // Also of a run whose loss is not told, or is finite still, when its parameters no longer are.
    private AlertRule Diverged() =>
        new(
            NonFiniteName,
            $"{c.Metric("curvature_run_state", "state=\"diverged\"")} == 1",
            """Run {{ $labels.run }} has diverged""",
            """Its loss or its parameters are not finite numbers; the page says which, and since which step. """
                + """Stop it, roll back to the last checkpoint with a finite loss, and lower the learning rate."""
        )
        {
            Labels = new Dictionary<string, string> { ["quantity"] = "training" },
        };

    private AlertRule NonFinite(string quantity, string metric) =>
        new(
            NonFiniteName,
            $"""
            {c.Metric(metric)} != {c.Metric(metric)}
              or {c.Metric(metric)} == Inf
              or {c.Metric(metric)} == -Inf
            """,
            $$$"""Run {{ $labels.run }}: {{{quantity}}} is {{ $value }}""",
            $$$"""{{{metric}}} is not a finite number: the run has diverged, or its data hold such numbers. Stop """
                + """it, roll back to the last checkpoint with """
                + $$$"""a finite loss, and lower the learning rate."""
        )
        {
            Labels = new Dictionary<string, string> { ["quantity"] = quantity },
        };
}
