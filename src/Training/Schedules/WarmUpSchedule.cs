namespace CurvatureMonitor.Training.Schedules;

/// <summary>
/// Linear warm-up, then another schedule: (t + 1)/k for t &lt; k, so that the first step moves and step k − 1 has the
/// full rate; then the other at step t − k of T − k. A run that is shorter than its warm-up ends while warming up.
/// </summary>
/// <param name="Steps">k, the steps of warm-up.</param>
/// <param name="Then">What follows.</param>
internal sealed record WarmUpSchedule(long Steps, LearningRateSchedule Then) : LearningRateSchedule
{
    public override string ToString() => $"warmup:{Steps}+{Then}";

    private protected override double FactorWithin(long step, long totalSteps) =>
        step < Steps ? (step + 1.0) / Steps : Then.Factor(step - Steps, Math.Max(1, totalSteps - Steps));
}
