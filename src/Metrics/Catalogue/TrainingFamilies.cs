using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of a run's training, as its trainer tells it.</summary>
internal sealed class TrainingFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

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

    public MetricFamily<Gauge> Difference { get; } =
        registry.AddGauge(
            "curvature_training_program_difference",
            "By which share of their size the outputs of the measured program differ from those of the trained model; "
                + "absent where they agree, or were not compared.",
            Run
        );

    public MetricFamily<Gauge> GradientNorm { get; } =
        registry.AddGauge(
            "curvature_gradient_norm",
            "Euclidean norm of the gradient of the last training batch, as the trainer tells it.",
            Run
        );
}
