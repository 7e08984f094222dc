namespace CurvatureMonitor.Mixin.Rules;

/// <summary>
/// Alerts about the ratio of sharpness to stability limit. They share one group, after the alert that inhibits them:
/// what is unreliable is told to Alertmanager in the same breath as what rests on it.
/// </summary>
internal sealed class SharpnessAlerts(MixinConfiguration c)
{
    private static readonly Dictionary<string, string> About = new() { ["about"] = "sharpness" };

    private readonly string _running = AlertRules.WhileRunning(c);
    private readonly string _ratio = c.Metric("curvature_stability_ratio");

    public IReadOnlyList<AlertRule> All() =>
        [
            Unreliable(
                "lambda_max",
                RecordingRules.ResidualRatio,
                "residual",
                "largest eigenvalue",
                "residual bound",
                "more Lanczos steps (--lanczos-steps)"
            ),
            Unreliable(
                "trace",
                RecordingRules.TraceErrorRatio,
                "standardError",
                "trace",
                "standard error",
                "more probes"
            ),
            Unreliable(
                "frobenius_norm",
                RecordingRules.FrobeniusErrorRatio,
                "standardError",
                "Frobenius norm",
                "standard error",
                "more probes"
            ),
            Imminent(),
            Divergence(),
            Surge(),
            Warmup(),
            Edge(),
            Headroom(),
        ];

    private AlertRule Unreliable(
        string estimate,
        string ratio,
        string threshold,
        string what,
        string error,
        string remedy
    )
    {
        const string Name = "CurvatureEstimateUnreliable";
        return new AlertRule(
            Name,
            $"""
            {ratio} > {c.Alert(Name)[threshold]}
              {_running}
            """,
            $$$"""Run {{ $labels.run }}: the {{{what}}} of the {{ $labels.operator }} is not to be relied on""",
            $$$"""Its {{{error}}} is {{ $value | humanizePercentage }} of the value, more than the """
                + $$$"""{{{Percent(c.Alert(Name).Number(threshold))}}} """
                + $$$"""allowed. Ask for {{{remedy}}}."""
        )
        {
            Labels = new Dictionary<string, string> { ["estimate"] = estimate },
        };
    }

    private AlertRule Imminent() =>
        Beyond(
            "CurvatureInstabilityImminent",
            """Run {{ $labels.run }}: sharpness is {{ printf "%.2f" $value }} times the stability limit""",
            """steps along the sharpest direction grow instead of shrinking. Lower the learning rate by a factor """
                + """of {{ printf "%.1f" $value }} or more, or roll back."""
        );

    private AlertRule Divergence() =>
        Beyond(
            "CurvatureDivergenceBand",
            """Run {{ $labels.run }}: sharpness is beyond the band from which training comes back""",
            """expect divergence (for gradient descent: sharpness above 4 / learning rate). Stop, roll back to a """
                + """checkpoint before the rise, and go on with a """
                + """learning rate lower by {{ printf "%.1f" $value }} or more."""
        );

    // The lower end: the error bar has to agree.
    private AlertRule Beyond(string name, string summary, string advice)
    {
        var ratio = c.Alert(name)["ratio"];
        return new AlertRule(
            name,
            $"""
            {c.Metric("curvature_stability_ratio_low")} > {ratio}
              {_running}
            """,
            summary,
            """The lower end of sharpness / limit ({{ $labels.kind }}) is {{ printf "%.2f" $value }}, above """
                + $$$"""{{{ratio}}}: {{{advice}}}"""
        )
        {
            Labels = About,
        };
    }

    private AlertRule Surge()
    {
        const string Name = "CurvatureSurge";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            {_ratio} > {s["factor"]} * {RecordingRules.MeanRatio}
              and {_ratio} > {s["floor"]}
              and {_ratio} offset {s["history"]}
              {_running}
            """,
            """Run {{ $labels.run }}: sharpness / limit has surged to {{ printf "%.2f" $value }}""",
            """Sharpness / limit ({{ $labels.kind }}) is {{ printf "%.2f" $value }}, more than """
                + $$$"""{{{s["factor"]}}} times its mean over the last """
                + $$$"""{{{c.Recording["ratioMeanWindow"]}}}. Look at what changed: learning rate, data, loss."""
        )
        {
            Labels = About,
        };
    }

    private AlertRule Warmup()
    {
        const string Name = "CurvatureWarmupTooFast";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            predict_linear({_ratio}[{s["window"]}], {s.Seconds("horizon")}) > {s["ratio"]}
              and {_ratio} <= {s["ratio"]}
              and on ({c.RunLabels}) delta({c.Metric("curvature_training_learning_rate")}[{s["window"]}]) > 0
              {_running}
            """,
            """Run {{ $labels.run }}: the learning rate rises too fast""",
            $$$"""At the pace of the last {{{s["window"]}}}, sharpness / limit ({{ $labels.kind }}) reaches """
                + """{{ printf "%.2f" $value }} in """
                + $$$"""{{{s["horizon"]}}}, beyond {{{s["ratio"]}}}, while the learning rate still rises. Lengthen """
                + """the warm-up or lower its end."""
        )
        {
            Labels = About,
        };
    }

    private AlertRule Edge()
    {
        const string Name = "CurvatureEdgeOfStability";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            ({_ratio} > {s["from"]}) <= {s["to"]}
              {_running}
            """,
            """Run {{ $labels.run }} trains at the edge of stability""",
            """Sharpness / limit ({{ $labels.kind }}) is {{ printf "%.2f" $value }}. This is normal in full-batch """
                + """training, where the sharpness """
                + """settles at the limit by itself; with small batches it leaves no room for a higher learning rate."""
        )
        {
            Labels = About,
        };
    }

    private AlertRule Headroom()
    {
        const string Name = "CurvatureHeadroom";
        var s = c.Alert(Name);
        return new AlertRule(
            Name,
            $"""
            {c.Metric("curvature_stability_ratio_high")} < {s["ratio"]}
              {_running}
            """,
            """Run {{ $labels.run }}: the learning rate may be higher""",
            """Even the upper end of sharpness / limit ({{ $labels.kind }}) is only {{ printf "%.3f" $value }}, """
                + $$$"""below {{{s["ratio"]}}} for """
                + $$$"""{{{s["for"]}}}. As far as stability goes, a higher learning rate is possible; whether it """
                + """helps is another question."""
        )
        {
            Labels = About,
        };
    }

    private static string Percent(double share) =>
        $"{(share * 100).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)} %";
}
