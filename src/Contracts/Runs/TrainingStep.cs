
namespace CurvatureMonitor.Contracts.Runs;

/// <summary>What one optimisation step was like.</summary>
/// <param name="Step">Its number, 1 for the first: the parameters after it have seen this many updates.</param>
/// <param name="Epoch">The pass through the data that its batch belongs to, 0 for the first.</param>
/// <param name="Loss">Mean loss of its batch before the update, in training mode.</param>
/// <param name="LearningRate">η of the update.</param>
/// <param name="GradientNorm">‖g‖₂ of its batch before the update, without weight decay.</param>
/// <param name="BatchSamples">Samples of its batch.</param>
public sealed record TrainingStep(
    long Step,
    long Epoch,
    double Loss,
    double LearningRate,
    double GradientNorm,
    int BatchSamples
)
{
    /// <summary>
    /// Whether loss and gradient are finite. Where they are not, the update was not made and the run has diverged.
    /// </summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(GradientNorm);
}
