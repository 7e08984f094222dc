namespace CurvatureMonitor.Training.Schedules;

/// <summary>PyTorch's <c>CosineAnnealingLR</c> with T_max = T: r + (1 − r)(1 + cos(πt/T))/2.</summary>
/// <param name="Final">r, the factor at the end.</param>
internal sealed record CosineSchedule(double Final) : LearningRateSchedule
{
    public override string ToString() => Final == 0 ? "cosine" : $"cosine:{Text(Final)}";

    private protected override double FactorWithin(long step, long totalSteps) =>
        Final + ((1 - Final) * (1 + Math.Cos(Math.PI * step / totalSteps)) / 2);
}
