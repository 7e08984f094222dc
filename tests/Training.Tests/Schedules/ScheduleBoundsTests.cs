using CurvatureMonitor.Training.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Training.Tests.Schedules;

/// <summary>Bounds of all schedules.</summary>
public sealed class ScheduleBoundsTests
{
    [Fact]
    public void Every_factor_lies_between_zero_and_one_and_stays_put_after_the_end()
    {
        var schedules = Gen.Elements(
                "constant",
                "step:7,0.3",
                "cosine",
                "cosine:0.1",
                "thesis",
                "warmup:9+thesis:0.5",
                "warmup:3"
            )
            .Select(LearningRateSchedule.Parse);
        Prop.ForAll(schedules.Zip(Gen.Choose(0, 200)).Zip(Gen.Choose(1, 100)).ToArbitrary(), drawn =>
            {
                var ((schedule, step), total) = drawn;
                var factor = schedule.Factor(step, total);
                return factor is >= 0 and <= 1 && (step <= total || factor == schedule.Factor(total, total));
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_negative_step_or_an_empty_run_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant.Factor(-1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant.Factor(0, 0));
    }
}
