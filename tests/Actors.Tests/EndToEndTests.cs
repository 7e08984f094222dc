using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Real trainings, measured by the real engine.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public async Task A_training_on_real_digits_is_measured_and_accounted_for()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var summary = await monitor.Start(TinyRuns.Digits("digits", steps: 60));

        Assert.Equal(RunOutcome.Finished, summary.Outcome);
        Assert.Equal(60, summary.Steps);
        Assert.Equal(6, summary.Emitted);
        Assert.True(summary.FinalAccuracy > 0.6, $"accuracy {summary.FinalAccuracy}");
        Accounts.AssertBalanced(monitor, summary);
        var measured = monitor.Observer.Of<CheckpointMeasured>();
        Assert.Equal(60, measured[^1].Step); // the final step is always measured
        Assert.Equal(10, measured[0].Step); // and so is the first, when the actor is free
        foreach (var result in measured)
        {
            Assert.Equal(
                [OperatorKind.Hessian, OperatorKind.GaussNewton],
                result.Measurements.Select(m => m.Provenance.Operator)
            );

            // For softmax regression H = G; both spectra start from the same vector.
            var (hessian, gaussNewton) = (result.Measurements[0].LambdaMax!, result.Measurements[1].LambdaMax!);
            Assert.Equal(hessian.Value, gaussNewton.Value, tolerance: 1e-3 * hessian.Value);
            Assert.Equal(2 / 0.05, result.Limits.Single(limit => limit.Kind == StabilityKind.Full).Value, 9);
            Assert.Equal(hessian.Value * 0.05 / 2, result.Stability!.Ratio, 9);
            Assert.True(result.Cost is { CurvatureProducts: 32, Seconds: > 0, PeakBytes: > 0 }, result.Cost.ToString());
        }
    }

    [Fact]
    public async Task A_scrape_shows_what_happened()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var summary = await monitor.Start(TinyRuns.Request(steps: 4) with { Run = "shown", CheckpointEvery = 4 });
        Assert.Equal(1, summary.Measured);
        var result = Assert.Single(monitor.Observer.Of<CheckpointMeasured>());
        var hessian = (SpectrumMeasurement)result.Measurements[0];

        Assert.Equal(4, monitor.Sample("curvature_training_step{run=\"shown\"}"));
        Assert.Equal(0.1, monitor.Sample("curvature_training_learning_rate{run=\"shown\"}"));
        Assert.Equal(summary.FinalLoss!.Value, monitor.Sample("curvature_training_loss{run=\"shown\"}"));
        Assert.Equal(
            hessian.LambdaMax!.Value,
            monitor.Sample("curvature_lambda_max{run=\"shown\",operator=\"hessian\"}")
        );
        Assert.Equal(
            hessian.LambdaMin!.Value,
            monitor.Sample("curvature_lambda_min{run=\"shown\",operator=\"hessian\"}")
        );
        Assert.Equal(
            hessian.LambdaMax.Error,
            monitor.Sample("curvature_lambda_max_residual{run=\"shown\",operator=\"hessian\"}")
        );
        Assert.Equal(20, monitor.Sample("curvature_stability_limit{run=\"shown\",kind=\"full\"}"));
        Assert.Equal(result.Stability!.Ratio, monitor.Sample("curvature_stability_ratio{run=\"shown\",kind=\"full\"}"));
        Assert.Equal(
            result.Stability.High,
            monitor.Sample("curvature_stability_ratio_high{run=\"shown\",kind=\"full\"}")
        );
        Assert.Equal(1, monitor.Sample("curvature_jobs_total{run=\"shown\",analysis=\"spectrum\",outcome=\"ok\"}"));
        Assert.Equal(0, monitor.Sample("curvature_jobs_total{run=\"shown\",analysis=\"spectrum\",outcome=\"failed\"}"));
        Assert.Equal(
            hessian.Cost.CurvatureProducts,
            monitor.Sample("curvature_products_total{run=\"shown\",operator=\"hessian\"}")
        );
        Assert.Equal(1, monitor.Sample("curvature_run_state{run=\"shown\",state=\"finished\"}"));
        Assert.Equal(0, monitor.Sample("curvature_actor_restarts_total{actor=\"curvature\"}"));

        // The word that the run is over, and can be forgotten, may still be on its way to the actor.
        await Until.HoldsAsync(() => monitor.Sample("curvature_mailbox_depth{actor=\"curvature\"}") == 0);
        Assert.True(monitor.Sample("curvature_overhead_ratio{run=\"shown\"}") > 0);
        Assert.True(monitor.Sample("curvature_native_objects") >= 0);
        var openMetrics = monitor.Scrape(ExpositionFormat.OpenMetrics);
        Assert.Contains(
            "curvature_eigenvalues_gcount{run=\"shown\",operator=\"hessian\"} 15",
            openMetrics,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_checkpoint_gives_the_same_eigenvalues_whatever_else_was_measured()
    {
        var every = await Eigenvalues("every", cadence: 1);
        var third = await Eigenvalues("third", cadence: 3);
        Assert.Equal(every.Losses, third.Losses);
        var common = every.Spectra.Keys.Intersect(third.Spectra.Keys).ToList();
        Assert.Contains(30L, common);
        Assert.All(common, step => Assert.Equal(every.Spectra[step], third.Spectra[step]));
    }

    [Fact]
    public async Task Sharpness_from_a_warm_start_agrees_with_the_spectrum_within_its_error_bar()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Digits("both", steps: 30) with
        {
            Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Sharpness)],
        };
        var summary = await monitor.Start(request with { Settings = request.Settings with { LanczosSteps = 40 } });
        Accounts.AssertBalanced(monitor, summary);
        var final = monitor.Observer.Of<CheckpointMeasured>().Where(e => e.Step == 30).ToDictionary(e => e.Analysis);
        var (spectrum, sharpness) = (
            final[AnalysisKind.Spectrum].Measurements,
            final[AnalysisKind.Sharpness].Measurements
        );
        for (var i = 0; i < spectrum.Count; i++)
        {
            Assert.Equal(
                spectrum[i].LambdaMax!.Value,
                sharpness[i].LambdaMax!.Value,
                spectrum[i].LambdaMax!.Error + sharpness[i].LambdaMax!.Error
            );
        }
    }

    [Fact]
    public async Task For_Adam_the_preconditioned_sharpness_is_compared_with_its_limit()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        await monitor.Start(TinyRuns.Request(steps: 6, optimizer: "adam:learning_rate=0.01") with { Run = "adam" });
        var last = monitor.Observer.Of<CheckpointMeasured>()[^1];
        Assert.Equal(StabilityKind.Preconditioned, last.Stability!.Limit.Kind);
        Assert.Equal(38 / 0.01, last.Stability.Limit.Value, 6); // (2 + 2·0.9) / (1 − 0.9) = 38
        Assert.True(last.Stability.Ratio > 0);
        Assert.Equal(
            last.Stability.Ratio,
            monitor.Sample("curvature_stability_ratio{run=\"adam\",kind=\"preconditioned\"}")
        );
        Assert.DoesNotContain("run=\"adam\",kind=\"full\"", monitor.Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diverging_run_fails_with_the_reason_and_its_last_state_is_measured()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        const string Model = "mlp:input=1,2,2;classes=3;hidden=5";
        var request = TinyRuns.Request("broken", steps: 50, Model, optimizer: "sgd:learning_rate=1e30") with
        {
            CheckpointEvery = 7,
        };
        var summary = await monitor.Start(request);
        Assert.Equal(RunOutcome.Diverged, summary.Outcome);
        Assert.Contains("lower the learning rate", summary.Failure, StringComparison.Ordinal);
        Assert.True(summary.Steps < 50);
        Assert.Equal(summary.Steps, monitor.Observer.Of<CheckpointTaken>()[^1].Step);
        Accounts.AssertBalanced(monitor, summary);
        Assert.Equal(1, monitor.Sample("curvature_run_state{run=\"broken\",state=\"failed\"}"));
    }

    [Fact]
    public async Task After_a_stop_nothing_native_and_no_checkpoint_is_left()
    {
        var before = (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes);
        await using (var monitor = await MonitorUnderTest.StartAsync())
        {
            await monitor.Start(TinyRuns.Request("first", model: "mlp:input=1,2,2;classes=3;hidden=5"));
            await monitor.Start(
                TinyRuns.Request("second", optimizer: "adam") with
                {
                    Analyses = [new(AnalysisKind.Sharpness)],
                }
            );
        }

        Assert.Equal(before, (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes));
    }

    private static async Task<(IReadOnlyList<double> Losses, Dictionary<long, double[]> Spectra)> Eigenvalues(
        string run,
        int cadence
    )
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Digits(run, steps: 30, model: "cnn-bn:channels=4,4") with
        {
            CheckpointEvery = 5,
            Analyses = [new(AnalysisKind.Spectrum, cadence)],
        };
        await monitor.Start(request);
        var spectra = monitor
            .Observer.Of<CheckpointMeasured>()
            .ToDictionary(
                e => e.Step,
                e =>
                    e.Measurements.Cast<SpectrumMeasurement>()
                        .SelectMany(m => m.Eigenvalues.Append(m.Smallest).Select(estimate => estimate.Value))
                        .ToArray()
            );
        return ([.. monitor.Observer.Of<TrainingProgressed>().Select(e => e.Step.Loss)], spectra);
    }
}
