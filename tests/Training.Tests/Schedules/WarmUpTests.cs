using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Training.Tests.Schedules;

/// <summary>Warm-up, and the schedule of the thesis.</summary>
public sealed class WarmUpTests
{
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
}
