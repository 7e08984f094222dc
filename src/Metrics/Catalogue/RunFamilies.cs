using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families about the run itself and its training.</summary>
internal sealed class RunFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    public MetricFamily<Info> Info { get; } =
        registry.AddInfo(
            "curvature_run_info",
            "What the run trains.",
            ["run", "model", "optimizer", "dataset", "revision"]
        );

    public MetricFamily<Gauge> State { get; } =
        registry.AddGauge(
            "curvature_run_state",
            "1 for the present state of the run (running, finished, failed, stale), 0 for the others.",
            ["run", "state"]
        );

    public MetricFamily<Gauge> Start { get; } =
        registry.AddGauge("curvature_run_start_timestamp_seconds", "When the run began, in Unix time.", Run, "seconds");

    public MetricFamily<Gauge> End { get; } =
        registry.AddGauge(
            "curvature_run_end_timestamp_seconds",
            "When the run finished or failed, in Unix time; absent before.",
            Run,
            "seconds"
        );

    public MetricFamily<Gauge> Degraded { get; } =
        registry.AddGauge(
            "curvature_run_degraded",
            "1 once a checkpoint of the run broke every worker that began it and was given up, 0 before.",
            Run
        );

    public MetricFamily<Gauge> Step { get; } =
        registry.AddGauge("curvature_training_step", "Optimiser steps done.", Run);

    public MetricFamily<Gauge> Loss { get; } =
        registry.AddGauge("curvature_training_loss", "Training loss of the last reported step.", Run);

    public MetricFamily<Gauge> Accuracy { get; } =
        registry.AddGauge(
            "curvature_training_accuracy_ratio",
            "Share of right answers when accuracy was last evaluated.",
            Run,
            "ratio"
        );

    public MetricFamily<Gauge> LearningRate { get; } =
        registry.AddGauge("curvature_training_learning_rate", "Learning rate of the last reported step.", Run);

    public MetricFamily<Gauge> Momentum { get; } =
        registry.AddGauge(
            "curvature_training_momentum",
            "Momentum of the optimiser (beta1 of Adam); absent without one.",
            Run
        );

    public MetricFamily<Gauge> BatchSize { get; } =
        registry.AddGauge("curvature_training_batch_size", "Samples in a training batch.", Run);

    public MetricFamily<Gauge> Damping { get; } =
        registry.AddGauge(
            "curvature_training_damping",
            "Damping of an adaptive optimiser: epsilon of Adam, which at its usual 1e-8 damps nothing; absent without "
                + "one.",
            Run
        );

    public MetricFamily<Gauge> GradientNorm { get; } =
        registry.AddGauge(
            "curvature_gradient_norm",
            "Euclidean norm of the gradient of the last training batch, as the trainer tells it.",
            Run
        );
}
