using System.Buffers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Every_scrape_amid_writers_and_other_scrapes_is_valid_and_shows_updates_whole()
    {
        const int scrapers = 3;
        const int scrapesEach = 40;
        var metrics = new CurvatureMetrics();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable
            .Range(0, 3)
            .Select(i =>
                Task.Factory.StartNew(
                    () => Write(metrics, $"run-{i}", stop.Token),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        var seen = await Task.WhenAll(
            Enumerable
                .Range(0, scrapers)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () => Scrape(metrics, scrapesEach),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.True(seen.Sum() > scrapesEach, $"the scrapes saw only {seen.Sum()} runs: nothing ran at the same time");
    }

    // Every round reports one number k in all places at once; now and then the run starts anew.
    private static void Write(CurvatureMetrics metrics, string name, CancellationToken stop)
    {
        var run = metrics.StartRun(new RunDescription(name));
        for (var k = 1L; !stop.IsCancellationRequested; k++)
        {
            if (k % 50 == 0)
            {
                run = metrics.StartRun(new RunDescription(name));
            }
            using (run.BeginUpdate())
            {
                run.Apply(new TrainingReported(name, Scenario.Time, k, k, k, k));
                run.Apply(Scenario.Measured(k, AnalysisKind.Spectrum, Spectrum(k)));
            }
            run.SetState(k % 2 == 0 ? RunState.Running : RunState.Stale);
        }
    }

    private static SpectrumMeasurement Spectrum(long k) =>
        new(
            SpectralDensity.Create([-1, 1], [0.5, 0.5], k),
            [.. Enumerable.Repeat(new Estimate(k, 0), 1 + (int)(k % 5))],
            new Estimate(-k, 0),
            new Estimate(k, 0),
            false,
            Scenario.Made(OperatorKind.Hessian),
            new MeasurementCost(1, 0, 0)
        );

    private static int Scrape(CurvatureMetrics metrics, int times)
    {
        var seen = 0;
        for (var i = 0; i < times; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            metrics.Write(ExpositionFormat.OpenMetrics, output);
            foreach (
                var run in OpenMetricsParser
                    .Parse(output.WrittenSpan)
                    .SelectMany(f => f.Samples)
                    .Where(s => s.Label("run") is not null)
                    .GroupBy(s => s.Label("run"))
            )
            {
                Assert.Equal(1, run.Single(s => s.Name == "curvature_run_info").Value);
                Assert.Equal(1, run.Where(s => s.Name == "curvature_run_state").Sum(s => s.Value));
                if (run.SingleOrDefault(s => s.Name == "curvature_training_step") is not { Value: var k })
                {
                    continue; // between the start of a run and its first report
                }
                seen++;
                foreach (
                    var name in new[]
                    {
                        "training_loss",
                        "training_learning_rate",
                        "training_batch_size",
                        "result_step",
                        "lambda_max",
                        "eigenvalues_gcount",
                        "eigenvalues_gsum",
                    }
                )
                {
                    Assert.Equal(k, run.Single(s => s.Name == "curvature_" + name).Value);
                }
                Assert.Equal(-k, run.Single(s => s.Name == "curvature_lambda_min").Value);
                Assert.Equal(
                    Enumerable.Repeat(k, 1 + (int)(k % 5)),
                    run.Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Value)
                );
            }
        }
        return seen;
    }
}
