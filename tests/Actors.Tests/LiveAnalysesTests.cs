using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Every analysis beside a real training: what it measures, and what the metrics show of it.</summary>
public sealed class LiveAnalysesTests
{
    private static readonly AnalysisKind[] All = [.. AnalysisKindNames.Live.Values];

    [Fact]
    public async Task Every_analysis_measures_the_final_checkpoint_and_the_metrics_show_it()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Digits("all", steps: 20) with
        {
            Analyses = [.. All.Select(kind => new AnalysisCadence(kind))],
            Settings = TinyRuns.Digits("all", steps: 20).Settings with { Modules = ["*", "*bias"] },
        };
        var summary = await monitor.Start(request);
        Accounts.AssertBalanced(monitor, summary);
        Assert.Empty(monitor.Observer.Of<AnalysisFailed>());
        var final = monitor.Observer.Of<CheckpointMeasured>().Where(e => e.Step == 20).ToDictionary(e => e.Analysis);
        Assert.Equal(All.Order(), final.Keys.Order());

        // The trace by probes agrees with that of the spectrum, and is what the metric shows.
        var spectrum = (SpectrumMeasurement)final[AnalysisKind.Spectrum].Measurements[0];
        var trace = (TraceMeasurement)final[AnalysisKind.Trace].Measurements[0];
        Assert.InRange(
            trace.Trace.Value - spectrum.Trace.Value,
            -5 * (trace.Trace.Error + spectrum.Trace.Error),
            5 * (trace.Trace.Error + spectrum.Trace.Error)
        );
        Assert.Equal(trace.Trace.Value, trace.Layers.Sum(layer => layer.Estimate.Value), 3);
        Assert.Equal(trace.Trace.Value, monitor.Sample("curvature_trace{run=\"all\",operator=\"hessian\"}"));
        Assert.Equal(
            spectrum.Trace.Value,
            monitor.Sample("curvature_eigenvalues_gsum{run=\"all\",operator=\"hessian\"}")
        );

        // The block of all parameters has the sharpness and the trace of the whole, that of the biases has less.
        var modules = (ModulesMeasurement)final[AnalysisKind.Modules].Measurements[0];
        var (whole, biases) = (modules.Modules[0], modules.Modules[1]);
        Assert.InRange(
            Math.Abs(whole.LambdaMax.Value - spectrum.LambdaMax!.Value),
            0,
            whole.LambdaMax.Error + spectrum.LambdaMax.Error
        );
        Assert.Equal(trace.Trace.Value, whole.Trace.Value, 1e-4 * Math.Abs(trace.Trace.Value));
        Assert.True(biases.Parameters < whole.Parameters && biases.LambdaMax.Value < whole.LambdaMax.Value);
        Assert.Equal(
            biases.LambdaMax.Value,
            monitor.Sample("curvature_module_lambda_max{run=\"all\",module=\"*bias\",operator=\"hessian\"}")
        );
        Assert.Equal(
            whole.Trace.Error,
            monitor.Sample("curvature_module_trace_stderr{run=\"all\",module=\"*\",operator=\"hessian\"}")
        );
        Assert.Equal(0, monitor.Sample("curvature_modules_left_out{run=\"all\"}"));

        var gradient = final[AnalysisKind.Gradient].Gradient!;
        double noiseScale = gradient.Variance.Value / (gradient.Norm.Value * gradient.Norm.Value);
        Assert.Equal(
            noiseScale,
            monitor.Sample("curvature_gradient_noise_scale_samples{run=\"all\"}"),
            noiseScale * 1e-9
        );
        Assert.Equal(
            gradient.NoiseScale!.Error,
            monitor.Sample("curvature_gradient_noise_scale_stderr_samples{run=\"all\"}")
        );
        Assert.Equal(20, monitor.Sample("curvature_analysis_step{run=\"all\",analysis=\"gradient\"}"));

        // Noise can only raise the largest eigenvalue of a batch above that of the whole set.
        var outlook = final[AnalysisKind.Variance].Outlook!;
        Assert.All(outlook.Predictions.Where(p => p.Operator == spectrum.Provenance.Operator), p =>
            Assert.True(p.LambdaMax.Value >= spectrum.LambdaMax!.Value * 0.999)
        );
        Assert.True(outlook.LargestLearningRate > 0);
        Assert.Equal(outlook.MinimumDamping, monitor.Sample("curvature_damping_minimum{run=\"all\"}"));

        // There is an overlap where the tracking of an earlier checkpoint was not overtaken, and only there.
        var overlaps = final[AnalysisKind.Tracking].Measurements.Cast<TrackingMeasurement>().First().OverlapsByRank();
        Assert.All(overlaps, overlap => Assert.InRange(overlap, 0, 1.0001));
        Assert.Equal(overlaps.Count > 0, final[AnalysisKind.Tracking].ComparedWith is < 20);
        Assert.Equal(
            overlaps.Count > 0,
            monitor
                .Scrape()
                .Contains(
                    "curvature_eigenvector_overlap{run=\"all\",operator=\"hessian\",rank=\"1\"}",
                    StringComparison.Ordinal
                )
        );
        Assert.InRange(
            monitor.Sample("curvature_gradient_alignment_ratio{run=\"all\",operator=\"hessian\"}"),
            0,
            1.0001
        );

        // Each kind of sharpness beside the limit of its own kind.
        double batches = ((BatchSharpnessMeasurement)final[AnalysisKind.BatchSharpness].Measurements[0])
            .Sharpness
            .Value;
        Assert.Equal(batches * 0.05 / 2, monitor.Sample("curvature_stability_ratio{run=\"all\",kind=\"batch\"}"), 9);
        Assert.True(monitor.Sample("curvature_stability_ratio{run=\"all\",kind=\"full\"}") > 0);
    }

    [Fact]
    public async Task Batches_larger_than_the_probe_set_are_a_failure_that_says_so()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Digits("small", steps: 10) with
        {
            Analyses = [new(AnalysisKind.BatchSharpness)],
            ProbeData = TinyRuns.Digits("small", 10).TrainingData.TakeBalanced(20),
        };
        var summary = await monitor.Start(request);
        Assert.Equal(1, summary.Failed);
        Assert.Contains(
            "give a larger probe set",
            monitor.Observer.Of<AnalysisFailed>()[0].Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            1,
            monitor.Sample(
                "curvature_job_failures_total{run=\"small\",analysis=\"batch_sharpness\","
                    + "reason=\"unsupported_operation\"}"
            )
        );
    }

    [Fact]
    public async Task A_training_with_modules_that_its_model_does_not_have_does_not_start()
    {
        await using var monitor = await MonitorUnderTest.StartAsync();
        var request = TinyRuns.Digits("wrong", steps: 10);
        request = request with
        {
            Analyses = [new(AnalysisKind.Modules)],
            Settings = request.Settings with { Modules = ["encoder.*"] },
        };
        var refusal = await Assert.ThrowsAsync<UserErrorException>(async () => await monitor.Start(request));
        Assert.StartsWith("modules: 'encoder.*' names no parameter", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_eigenvectors_that_are_kept_for_tracking_are_freed_with_the_run()
    {
        var before = (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes);
        await using (var monitor = await MonitorUnderTest.StartAsync())
        {
            await monitor.Start(
                TinyRuns.Request("tracked") with
                {
                    Analyses = [new(AnalysisKind.Tracking), new(AnalysisKind.Trace), new(AnalysisKind.Variance)],
                }
            );
        }

        Assert.Equal(before, (TorchRuntime.LiveObjects, Checkpoint.LiveCount, Checkpoint.LiveBytes));
    }
}
