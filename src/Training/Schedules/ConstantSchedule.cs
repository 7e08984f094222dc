namespace CurvatureMonitor.Training.Schedules;

/// <summary>Always 1.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    public override string ToString() => "constant";

    private protected override double FactorWithin(long step, long totalSteps) => 1;
}
