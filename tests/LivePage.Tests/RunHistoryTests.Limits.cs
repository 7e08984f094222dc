using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.Tests;

/// <content>What is told beside a limit, and what goes when it cannot be told.</content>
public sealed partial class RunHistoryTests
{
    [Fact]
    public void A_sharpness_counts_only_from_the_hessian_and_a_limit_only_of_the_full_batch()
    {
        var history = new RunHistory();
        history.Add(
            Measurement("a", 1, "hessian") with
            {
                LambdaMax = 3,
                Stability = new StabilityReading { Limit = 20, Ratio = 0.15 },
            }
        );
        history.Add(Measurement("a", 1, "ggn") with { LambdaMax = 7 });
        history.Add(
            Measurement("a", 1, "hessian") with
            {
                LambdaMax = null,
                Stability = new StabilityReading
                {
                    Kind = "batch",
                    Limit = 5,
                    Ratio = 2,
                },
            }
        );
        var summary = history.Runs()[0];
        Assert.Equal((3.0, 20.0, 0.15), (summary.LambdaMax, summary.StabilityLimit, summary.StabilityRatio));
    }

    [Fact]
    public void A_limit_that_cannot_be_told_any_more_and_the_ratio_of_a_training_that_broke_are_gone()
    {
        var history = new RunHistory();
        var stable = Measurement("a", 1, "hessian") with
        {
            LambdaMax = 3,
            Stability = new StabilityReading { Limit = 20, Ratio = 0.15 },
        };
        history.Add(stable);
        history.Add(Measurement("a", 2, "hessian") with { LambdaMax = 4 });
        Assert.Equal(
            (4.0, null, null),
            (history.Runs()[0].LambdaMax, history.Runs()[0].StabilityLimit, history.Runs()[0].StabilityRatio)
        );

        history.Add(stable);
        history.Diverge("a", 7, "the loss is NaN");
        history.Add(stable);
        var broken = history.Runs()[0];
        Assert.Equal(
            (RunState.Diverged, 7L, "the loss is NaN", null),
            (broken.State, broken.DivergedSince, broken.Divergence, broken.StabilityRatio)
        );
        history.Diverge("a", null, null);
        history.Add(stable);
        Assert.Equal((RunState.Running, 0.15), (history.Runs()[0].State, history.Runs()[0].StabilityRatio));
    }

    [Fact]
    public void What_comes_after_a_branch_is_marked_and_what_came_before_stays()
    {
        var history = new RunHistory();
        history.Add(Point("a", 20));
        history.Branch("a", 2, 10);
        history.Add(Point("a", 10));
        history.Add(Measurement("a", 10, "hessian") with { LambdaMax = 3 });
        var document = history.Find("a")!;
        Assert.Equal([(20L, null), (10L, 2)], document.Training.Select(point => (point.Step, point.Branch)));
        Assert.Equal((2, 10L), (document.Measurements[0].Branch, document.Measurements[0].BranchStep));
    }
}
