using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.Tests;

public sealed class RunPageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Pages_hold_every_measurement_and_every_training_point_once_and_in_order(int limit)
    {
        var whole = Document();
        List<long> steps = [],
            training = [];
        long? after = null;
        do
        {
            var page = whole.Page(after, limit);
            Assert.NotEmpty(page.Measurements);
            steps.AddRange(page.Measurements.Select(measurement => measurement.Step));
            training.AddRange(page.Training.Select(point => point.Step));
            after = page.NextAfter;
        } while (after is not null);

        Assert.Equal(whole.Measurements.Select(measurement => measurement.Step).Order(), steps);
        Assert.Equal(whole.Training.Select(point => point.Step), training);
    }

    [Fact]
    public void A_page_after_the_end_is_empty()
    {
        var page = Document().Page(after: 1000, limit: 5);
        Assert.Empty(page.Measurements);
        Assert.Empty(page.Training);
        Assert.Null(page.NextAfter);
    }

    // Two operators a step, as they come: the second analysis of a step later than the first of the next.
    private static RunDocument Document()
    {
        var history = new RunHistory();
        history.Start(new RunDescription("r") { Started = Noon });
        for (int step = 1; step <= 10; step++)
        {
            history.Add(
                new TrainingPoint
                {
                    Run = "r",
                    Step = step,
                    Time = Noon.AddSeconds(step),
                    Loss = 1.0 / step,
                    LearningRate = 0.1,
                }
            );
            history.Add(Point(step, "hessian", 0));
            history.Add(Point(step, "ggn", 1.5));
        }

        return history.Find("r")!;
    }

    private static MeasurementPoint Point(long step, string name, double late) =>
        new()
        {
            Run = "r",
            Step = step,
            Time = Noon.AddSeconds(step + late),
            Analysis = "spectrum",
            Operator = name,
            LambdaMax = step,
        };
}
