namespace CurvatureMonitor.Training.Schedules;

/// <summary>PyTorch's <c>StepLR</c>: γ^⌊t/k⌋.</summary>
/// <param name="Every">k, the steps between two drops.</param>
/// <param name="Gamma">γ, the factor of a drop.</param>
internal sealed record StepSchedule(long Every, double Gamma) : LearningRateSchedule
{
    public override string ToString() => $"step:{Every},{Text(Gamma)}";

    private protected override double FactorWithin(long step, long totalSteps) => Math.Pow(Gamma, step / Every);
}
