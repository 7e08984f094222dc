using CurvatureMonitor.Training.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Training.Tests.Schedules;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("constant")]
    [InlineData("step:30,0.1")]
    [InlineData("cosine")]
    [InlineData("cosine:0.01")]
    [InlineData("thesis:0.05")]
    [InlineData("warmup:100+constant")]
    [InlineData("warmup:100+cosine:0.2")]
    [InlineData("warmup:5+warmup:7+step:3,0.5")]
    public void The_text_of_a_schedule_reads_back_to_it(string text)
    {
        var schedule = LearningRateSchedule.Parse(text);
        Assert.Equal(text, schedule.ToString());
        Assert.Equal(schedule, LearningRateSchedule.Parse(schedule.ToString()));
    }

    [Theory]
    [InlineData("STEP : 30", "step:30,0.1")]
    [InlineData("thesis", "thesis:0.01")]
    [InlineData("warmup:10", "warmup:10+constant")]
    [InlineData("cosine:0", "cosine")]
    public void What_is_absent_has_its_documented_default(string text, string full) =>
        Assert.Equal(LearningRateSchedule.Parse(full), LearningRateSchedule.Parse(text));

    [Theory]
    [InlineData("linear", "'linear' is not known")]
    [InlineData("", "is not known")]
    [InlineData("constant:1", "is not known")]
    [InlineData("step", "is not known")]
    [InlineData("step:0", "'0' is no number of steps")]
    [InlineData("step:1.5", "'1.5' is no number of steps")]
    [InlineData("step:10,0", "'0' is no factor")]
    [InlineData("step:10,2", "'2' is no factor")]
    [InlineData("cosine:-0.1", "'-0.1' is no factor")]
    [InlineData("thesis:NaN", "'NaN' is no factor")]
    [InlineData("cosine+warmup:10", "only warmup:STEPS may stand before '+'")]
    [InlineData("warmup:10+", "is not known")]
    [InlineData("warmup", "is not known")]
    public void A_mistake_says_in_one_line_what_is_wrong(string text, string part)
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() => LearningRateSchedule.Parse(text));
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Constant_is_one_throughout() =>
        Assert.All(Enumerable.Range(0, 50), t => Assert.Equal(1, LearningRateSchedule.Constant.Factor(t, 50)));

    [Fact]
    public void Step_drops_by_its_factor_after_each_interval()
    {
        var schedule = LearningRateSchedule.Parse("step:3,0.5");
        double[] expected = [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125];
        Assert.Equal(expected, Enumerable.Range(0, 10).Select(t => schedule.Factor(t, 10)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(25, 0.85355339059327376)] // (1 + √½)/2
    [InlineData(50, 0.5)]
    [InlineData(75, 0.14644660940672624)] // (1 − √½)/2
    [InlineData(100, 0)]
    public void Cosine_follows_half_a_wave(long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Parse("cosine").Factor(step, 100), 14);

    [Fact]
    public void Cosine_with_a_final_factor_ends_there_and_is_halfway_between_in_the_middle()
    {
        var schedule = LearningRateSchedule.Parse("cosine:0.2");
        Assert.Equal(1, schedule.Factor(0, 80), 14);
        Assert.Equal(0.6, schedule.Factor(40, 80), 14);
        Assert.Equal(0.2, schedule.Factor(80, 80), 14);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(150, 1)]
    [InlineData(180, 0.7525)] // 1 − 0.99·0.1/0.4
    [InlineData(210, 0.505)]
    [InlineData(270, 0.01)]
    [InlineData(285, 0.01)]
    [InlineData(299, 0.01)]
    public void The_thesis_schedule_is_equation_5_37_with_its_own_r_and_T(long t, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Parse("thesis").Factor(t, 300), 12);

    [Fact]
    public void Warm_up_rises_in_a_straight_line_and_hands_over_the_remaining_steps()
    {
        var schedule = LearningRateSchedule.Parse("warmup:4+cosine");
        double[] rising = [0.25, 0.5, 0.75, 1];
        Assert.Equal(rising, Enumerable.Range(0, 4).Select(t => schedule.Factor(t, 24)));
        Assert.Equal(1, schedule.Factor(4, 24), 14);
        Assert.Equal(0.5, schedule.Factor(14, 24), 14);
        Assert.Equal(0, schedule.Factor(24, 24), 14);
    }

    [Fact]
    public void A_run_shorter_than_its_warm_up_ends_while_rising()
    {
        var schedule = LearningRateSchedule.Parse("warmup:100+cosine");
        Assert.Equal(0.1, schedule.Factor(9, 10), 14);
    }

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
