namespace CurvatureMonitor.Training.Schedules;

/// <summary>
/// A small rate for some steps, then exponentially up to the base rate at the end: φ for t ≤ s, φ^((T − t)/(T − s))
/// after it. It crosses every stability limit on its way, which is what it is for.
/// </summary>
internal sealed record SurgeSchedule(long CalmSteps, double From) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string ToString() => $"surge:{CalmSteps},{Text(From)}";

    private protected override double FactorWithin(long step, long totalSteps) =>
        step <= CalmSteps ? From : Math.Pow(From, (totalSteps - step) / (double)(totalSteps - CalmSteps));
}
