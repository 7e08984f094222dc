using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
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
        var options = new MonitorServerOptions { Port = 0 };
        await using var server = await MonitorServer.StartAsync(options, metrics, new RunHistory());
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
            MeasuredRun.Fill(
                metrics.StartRun(
                    new RunDescription(string.Create(CultureInfo.InvariantCulture, $"run-{run}"), "cnn", "sgd", "mnist")
                    {
                        Momentum = 0.9,
                    }
                )
            );
        }

        return metrics;
    }
}
