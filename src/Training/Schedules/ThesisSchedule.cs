namespace CurvatureMonitor.Training.Schedules;

/// <summary>
/// The schedule of Granziol, "Spectral machine learning" (thesis), equation 5.37: with s = t/T the factor is 1 while s
/// ≤ 0.5, then falls in a straight line 1 − (1 − r)(s − 0.5)/0.4 while s ≤ 0.9, then stays at r. The thesis takes r =
/// 0.01.
/// </summary>
/// <param name="Final">r, the ratio of the last learning rate to the first.</param>
/// <remarks>
/// The thesis counts t in epochs, T = 300; here both are optimisation steps, so the rate falls a little every step
/// instead of once an epoch.
/// </remarks>
internal sealed record ThesisSchedule(double Final) : LearningRateSchedule
{
    public override string ToString() => $"thesis:{Text(Final)}";

    private protected override double FactorWithin(long step, long totalSteps)
    {
        var s = (double)step / totalSteps;
        return s <= 0.5 ? 1
            : s <= 0.9 ? 1 - ((1 - Final) * (s - 0.5) / 0.4)
            : Final;
    }
}
