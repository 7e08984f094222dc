using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Training.Tests.Schedules;

/// <summary>The factors of constant, step and cosine schedules.</summary>
public sealed class ScheduleFactorTests
{
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
}
