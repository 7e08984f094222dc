using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed partial class RunMetricsTests
{
    [Fact]
    public void A_limit_that_cannot_be_told_any_more_does_not_stand_on()
    {
        var limit = new StabilityLimit(StabilityKind.Full, 20);
        var known = Spectrum(10, Hessian) with
        {
            Limits = [limit],
            Stability = StabilityRatio.Of(new Estimate(5, 0), limit),
        };
        _run.Apply(known);
        Assert.Equal(20, _metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Equal(0.25, _metrics.Value("curvature_stability_ratio", ("kind", "full")));

        // The rate has become 0, or the optimiser another.
        _run.Apply(Spectrum(20, Hessian) with { Limits = [], Stability = null });
        Assert.Null(_metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Null(_metrics.Value("curvature_stability_ratio", ("kind", "full")));
        Assert.Null(_metrics.Value("curvature_stability_ratio_low", ("kind", "full")));
        Assert.Null(_metrics.Value("curvature_stability_ratio_high", ("kind", "full")));
    }

    [Fact]
    public void A_training_that_has_diverged_has_no_ratio_until_it_has_recovered()
    {
        var limit = new StabilityLimit(StabilityKind.Full, 20);
        var measured = Spectrum(10, Hessian) with
        {
            Limits = [limit],
            Stability = StabilityRatio.Of(new Estimate(5, 0), limit),
        };
        _run.Apply(measured);
        _run.Apply(new TrainingDiverged("r", Scenario.Time, 12, "the loss is NaN"));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "diverged")));
        Assert.Null(_metrics.Value("curvature_stability_ratio", ("kind", "full")));

        // A job of before it broke that is done now.
        _run.Apply(measured);
        Assert.Null(_metrics.Value("curvature_stability_ratio", ("kind", "full")));

        _run.Apply(new TrainingRecovered("r", Scenario.Time, 14));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "running")));
        _run.Apply(measured with { Step = 14 });
        Assert.Equal(0.25, _metrics.Value("curvature_stability_ratio", ("kind", "full")));
    }

    [Fact]
    public void Momentum_and_damping_are_those_of_the_step_where_it_tells_its_optimiser()
    {
        _run.Apply(new TrainingReported("r", Scenario.Time, 1, 0.5, 0.1, 32) { Optimizer = "adam", Momentum = 0.85 });
        Assert.Equal(0.85, _metrics.Value("curvature_training_momentum"));
        _run.Apply(new TrainingReported("r", Scenario.Time, 2, 0.5, null, 32) { Optimizer = "lion" });
        Assert.Null(_metrics.Value("curvature_training_momentum"));
        Assert.Null(_metrics.Value("curvature_training_learning_rate"));
    }

    [Fact]
    public void A_difference_of_the_program_is_shown_and_goes_again()
    {
        _run.Apply(new TrainingReported("r", Scenario.Time, 1, 0.5, 0.1, 32) { Difference = 0.125 });
        Assert.Equal(0.125, _metrics.Value("curvature_training_program_difference"));
        _run.Apply(new TrainingReported("r", Scenario.Time, 2, 0.5, 0.1, 32));
        Assert.Null(_metrics.Value("curvature_training_program_difference"));
    }

    [Fact]
    public void The_branch_is_counted_from_1()
    {
        Assert.Equal(1, _metrics.Value("curvature_run_branch"));
        _run.Apply(new RunBranched("r", Scenario.Time, 20, 2));
        Assert.Equal(2, _metrics.Value("curvature_run_branch"));
    }
}
