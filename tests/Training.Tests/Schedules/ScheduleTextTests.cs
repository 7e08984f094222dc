using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Training.Tests.Schedules;

/// <summary>Schedules as text.</summary>
public sealed class ScheduleTextTests
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
}
