namespace CurvatureMonitor.Host.Terminal;

/// <summary>Where a training stands. What is not known yet is null.</summary>
internal sealed record TrainingStatus(
    long Step,
    long Steps,
    double? Loss,
    double? Accuracy,
    double? LearningRate,
    long Measured,
    long Dropped
)
{
    internal static TrainingStatus NotStarted { get; } = new(0, 0, null, null, null, 0, 0);
}
