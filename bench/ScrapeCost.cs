using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Bench;

/// <summary>
/// What a scrape costs by the number of runs, each with the full spectra of three operators and every other family.
/// </summary>
internal static class ScrapeCost
{
    private static readonly int[] RunCounts = [1, 50, 200];

    internal static async Task PrintAsync(TextWriter output, int rounds)
    {
        output.WriteLine(
            "runs  format        series     bytes  median ms  processor ms  worst ms  allocated bytes  of so many "
                + "scrapes of one run (processor)"
        );
        var one = Of(1);
        foreach (int runs in RunCounts)
        {
            var metrics = Of(runs);
            foreach (var format in new[] { ExpositionFormat.Text, ExpositionFormat.OpenMetrics })
            {
                Print(output, one, metrics, runs, format, rounds);
            }

            await PrintOverHttpAsync(output, metrics, runs, rounds);
        }
    }

    // From the first byte of the request to the last of the answer, as Prometheus asks, with the client's share of the
    // processor.
    private static async Task PrintOverHttpAsync(TextWriter output, CurvatureMetrics metrics, int runs, int rounds)
    {
        var options = new MonitorServerOptions
        {
            Port = 0,
            MapEndpoints = routes => MetricsEndpoint.Map(routes, metrics),
        };
        await using var server = await MonitorServer.StartAsync(options, new RunHistory());
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0");
        var (times, processorTimes) = (new List<double>(), new List<double>());
        for (int round = -3; round < rounds; round++)
        {
            var processor = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            using (
                var answer = await client.GetAsync(
                    new Uri("metrics", UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead
                )
            )
            {
                await answer.EnsureSuccessStatusCode().Content.CopyToAsync(Stream.Null);
            }

            if (round >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                processorTimes.Add((Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
            }
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{runs,4}  {"over HTTP",-11} {"",8} {"",9} {Statistics.Median(times),10:0.00} "
                    + $"{Statistics.Median(processorTimes),13:0.00} {times.Max(),9:0.00}"
            )
        );
    }

    private static void Print(
        TextWriter output,
        CurvatureMetrics one,
        CurvatureMetrics metrics,
        int runs,
        ExpositionFormat format,
        int rounds
    )
    {
        var body = new ArrayBufferWriter<byte>(1 << 24);
        int series;
        using (var snapshot = metrics.Registry.Snapshot())
        {
            series = snapshot.SeriesCount;
        }

        void Scrape(CurvatureMetrics scraped)
        {
            body.ResetWrittenCount();
            scraped.Write(format, body);
        }

        var (times, processorTimes) = (new List<double>(), new List<double>());
        long allocated = 0;
        for (int round = -3; round < rounds; round++)
        {
            var processor = Environment.CpuUsage.TotalTime;
            long before = GC.GetAllocatedBytesForCurrentThread();
            double seconds = Stopwatches.Seconds(() => Scrape(metrics));
            if (round >= 0)
            {
                times.Add(1000 * seconds);
                processorTimes.Add((Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        var ratio = Stopwatches
            .Compare(
                Math.Max(5, rounds / 5),
                () => Repeat(runs, () => Scrape(one)),
                [("scrape", () => Scrape(metrics))]
            )
            .ProcessorRatios["scrape"];
        Scrape(metrics);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{runs,4}  {format,-11} {series,8} {body.WrittenCount,9} {Statistics.Median(times),10:0.00} "
                    + $"{Statistics.Median(processorTimes),13:0.00} {times.Max(),9:0.00} {allocated,16}  "
                    + $"{ratio.Median:0.00} ({ratio.Lowest:0.00} to {ratio.Highest:0.00})"
            )
        );
    }

    private static void Repeat(int times, Action work)
    {
        for (int i = 0; i < times; i++)
        {
            work();
        }
    }

    private static CurvatureMetrics Of(int runs)
    {
        var metrics = new CurvatureMetrics(new CurvatureMetricsOptions { MaxRuns = runs });
        for (int run = 0; run < runs; run++)
        {
            Fill(
                metrics.StartRun(
                    new RunDescription(string.Create(CultureInfo.InvariantCulture, $"run-{run}"), "cnn", "sgd", "mnist")
                )
            );
        }

        return metrics;
    }

    private static void Fill(RunMetrics run)
    {
        double[] nodes = [.. Enumerable.Range(0, 100).Select(i => Math.Pow(10, (i - 60) / 15.0))];
        double[] weights = [.. nodes.Select(_ => 1.0 / nodes.Length)];
        run.ReportTraining(new TrainingSample(1234, 0.123456789, 0.1, 0.9, 128) { GradientNorm = 1.23456789 });
        run.ReportAccuracy(0.97);
        run.ReportGradient(
            new GradientSample
            {
                Norm = 0.4567,
                Variance = 8.9,
                VarianceError = 0.1,
                NoiseScale = 51.2,
                NoiseScaleError = 9.8,
                WeightNorm = 12.3,
            }
        );
        run.ReportAdvice(1e-4, 0.2);
        run.CheckpointEmitted();
        foreach (string name in KnownLabels.Operators)
        {
            run.ReportOperator(
                new OperatorSample(name, 1230)
                {
                    LambdaMax = nodes[^1],
                    LambdaMaxResidual = 1.2345e-4,
                    LambdaMin = nodes[0],
                    LambdaMinResidual = 2.3456e-5,
                    Eigenvalues = [.. nodes.Reverse().Take(CurvatureMetrics.MaxRanks)],
                    Spectrum = new SpectralCounts(nodes, weights, 1_000_000),
                    Shape = new SpectrumShape
                    {
                        NegativeEigenvalues = 0.4,
                        NegativeMass = 0.2,
                        DegenerateEigenvalues = 0.7,
                        EffectiveRank = 3.21,
                        Outliers = 9,
                    },
                }
            );
            run.ReportTrace(
                new TraceSample(name, 793.21, 5.1)
                {
                    Frobenius = 70.1,
                    FrobeniusError = 1.2,
                    Layers = [.. Enumerable.Range(0, 20).Select(i => ($"layer{i}.weight", i * 1.2345))],
                }
            );
            run.ReportVariance(
                new VarianceSample(name)
                {
                    Isotropic = 900.1,
                    IsotropicError = 20.2,
                    Top = 30.3,
                    TopError = 0.4,
                    Predicted = [(32, 7.1), (64, 6.2), (128, 5.3), (256, 4.4), (512, 3.5)],
                }
            );
            run.ReportTracking(
                new TrackingSample(name)
                {
                    Overlaps = [0.91, 0.82, 0.73, 0.64],
                    SubspaceOverlap = 0.85,
                    GradientAlignment = 0.61,
                }
            );
        }

        run.ReportStability(new StabilitySample("full", 20, 0.25, 0.24, 0.26));
    }
}
