using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Jobs that fail are reported, counted, and do not stop the run.</summary>
public sealed class FaultTests
{
    // The first job is at step 1, the last at the final step; whatever lies between may be superseded.
    private const int Steps = 6;

    [Fact]
    public async Task A_job_whose_actor_crashes_is_tried_again_by_a_restarted_actor()
    {
        var attempts = new List<int>();
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
            {
                if (job.Id.Step == 1)
                {
                    attempts.Add(job.Attempt);
                }

                return job is { Id.Step: 1, Attempt: 1 }
                    ? throw new InvalidOperationException("something\nunexpected")
                    : Reports.Sharpness(2);
            }
        );
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var summary = await monitor.Start(TinyRuns.Request(steps: Steps));

        Assert.Equal([1, 2], attempts);
        Assert.Equal(RunOutcome.Finished, summary.Outcome);
        Assert.Contains(monitor.Observer.Of<CheckpointMeasured>(), e => e.Step == 1);
        Assert.Empty(monitor.Observer.Of<AnalysisFailed>());
        Assert.Equal("something unexpected", Assert.Single(monitor.Observer.Of<ActorRestarted>()).Message);
        Assert.Equal(1, monitor.Sample("curvature_actor_restarts_total{actor=\"curvature\"}"));
        Assert.Equal(2, analyzers.Made); // what the crashed actor held is made anew
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task A_job_that_crashes_its_actor_twice_is_reported_and_the_run_goes_on()
    {
        var analyzers = new ScriptedAnalyzer(
            (job, _) => job.Id.Step == 1 ? throw new InvalidOperationException("always") : Reports.Sharpness(2)
        );
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var summary = await monitor.Start(TinyRuns.Request(steps: Steps));
        var failed = Assert.Single(monitor.Observer.Of<AnalysisFailed>());
        Assert.Equal(
            (1L, JobFailureReason.Crashed, "always", 2),
            (failed.Step, failed.Reason, failed.Message, failed.Attempts)
        );
        Assert.Equal(2, monitor.Sample("curvature_actor_restarts_total{actor=\"curvature\"}"));
        Assert.Equal(1, monitor.Sample("curvature_jobs_total{run=\"tiny\",analysis=\"spectrum\",outcome=\"failed\"}"));
        Assert.Equal((RunOutcome.Finished, 1L), (summary.Outcome, summary.Failed));
        Assert.Contains(monitor.Observer.Of<CheckpointMeasured>(), e => e.Step == Steps);
        Accounts.AssertBalanced(monitor, summary);
    }

    [Theory]
    [InlineData(double.NaN, 0.1)]
    [InlineData(double.PositiveInfinity, 0.1)]
    [InlineData(1, double.NaN)]
    public async Task A_result_that_is_not_finite_is_a_failure_and_never_shown(double value, double error)
    {
        var analyzers = new ScriptedAnalyzer(
            (job, _) => job.Id.Step == 1 ? Reports.Sharpness(value, error) : Reports.Sharpness(2)
        );
        await AssertFails(analyzers, JobFailureReason.NonFinite, "eigenvalue of the hessian");
    }

    [Fact]
    public async Task An_operation_without_a_derivative_is_a_failure()
    {
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
                job.Id.Step == 1
                    ? throw new DerivativeException(
                        DerivativeErrorKind.UnsupportedOperation,
                        "derivative for foo is not implemented"
                    )
                    : Reports.Sharpness(2)
        );
        await AssertFails(analyzers, JobFailureReason.UnsupportedOperation, "foo");
    }

    [Fact]
    public async Task A_failure_that_an_analyzer_names_is_passed_on()
    {
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
                job.Id.Step == 1
                    ? throw new DerivativeException(DerivativeErrorKind.OutOfMemory, "needs a bigger house")
                    : Reports.Sharpness(2)
        );
        await AssertFails(analyzers, JobFailureReason.OutOfMemory, "bigger house");
    }

    [Fact]
    public async Task The_real_engine_reports_a_memory_budget_that_is_too_small()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Request(steps: Steps);
        var summary = await monitor.Start(request with { Settings = request.Settings with { LimitBytes = 100 } });
        Assert.All(monitor.Observer.Of<AnalysisFailed>(), e => Assert.Equal(JobFailureReason.OutOfMemory, e.Reason));
        Assert.Contains(monitor.Observer.Of<AnalysisFailed>(), e => e.Step == Steps);
        Assert.Equal((RunOutcome.Finished, 0L), (summary.Outcome, summary.Measured));
        Assert.Empty(monitor.Observer.Of<ActorRestarted>());
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task An_observer_that_throws_disturbs_nobody()
    {
        await using var monitor = await MonitorUnderTest.StartAsync(
            new ScriptedAnalyzer((_, _) => Reports.Sharpness(2)),
            others: new ThrowingObserver()
        );
        var summary = await monitor.Start(TinyRuns.Request(steps: Steps));
        Assert.Equal(RunOutcome.Finished, summary.Outcome);
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task Wrong_requests_are_refused_at_the_door_in_one_line()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Request();
        Assert.All(
            new[]
            {
                request with
                {
                    Run = " ",
                },
                request with
                {
                    CheckpointEvery = 0,
                },
                request with
                {
                    OverheadBudget = -1,
                },
                request with
                {
                    Analyses = [new(AnalysisKind.Spectrum, 0)],
                },
                request with
                {
                    Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Spectrum)],
                },
                request with
                {
                    Settings = request.Settings with { LanczosSteps = 0 },
                },
                request with
                {
                    Settings = request.Settings with { Operators = [] },
                },
            },
            wrong =>
                Assert.DoesNotContain(
                    '\n',
                    Assert
                        .Throws<UserErrorException>(() =>
                        {
                            monitor.System.StartTraining(wrong);
                        })
                        .Message
                )
        );
    }

    private static async Task AssertFails(ScriptedAnalyzer analyzers, JobFailureReason reason, string message)
    {
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var summary = await monitor.Start(TinyRuns.Request(steps: Steps));
        var failed = Assert.Single(monitor.Observer.Of<AnalysisFailed>());
        Assert.Equal((1L, reason, 1), (failed.Step, failed.Reason, failed.Attempts));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(monitor.Observer.Of<CheckpointMeasured>(), e => e.Step == 1);
        Assert.Empty(monitor.Observer.Of<ActorRestarted>());
        Assert.Equal(1, monitor.Sample("curvature_jobs_total{run=\"tiny\",analysis=\"spectrum\",outcome=\"failed\"}"));
        Assert.Equal(2, monitor.Sample("curvature_lambda_max{run=\"tiny\",operator=\"hessian\"}"));
        Assert.Equal((RunOutcome.Finished, 1L), (summary.Outcome, summary.Failed));
        Accounts.AssertBalanced(monitor, summary);
    }

    private sealed class ThrowingObserver : IMonitorObserver
    {
        public void OnEvent(MonitorEvent monitorEvent) =>
            throw new InvalidOperationException("an observer's own trouble");
    }
}
