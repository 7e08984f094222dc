using System.Globalization;

namespace CurvatureMonitor.Bench;

/// <summary>What a second worker gives: spectra of a small network by one worker process, and by two.</summary>
internal static class ClusterScaling
{
    private const int Rounds = 8;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(12);

    internal static async Task PrintAsync(
        TextWriter output,
        BenchCluster cluster,
        Scratch data,
        ClusterBundles bundles
    )
    {
        await using var one = await SteadyCluster.StartAsync(cluster, data, bundles, workers: 1);
        await using var two = await SteadyCluster.StartAsync(cluster, data, bundles, workers: 2);
        var ratios = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            var single = await one.MeasureAsync(Window);
            var both = await two.MeasureAsync(Window);
            ratios.Add(both.Jobs / single.Jobs);
            Print(output, "one worker process", single);
            Print(output, "two worker processes", both);
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"spectra of mlp, two worker processes of one thread against one: {Statistics.Median(ratios):0.00} "
                    + $"times, {ratios.Min():0.00} to {ratios.Max():0.00} in {ratios.Count} rounds"
            )
        );
    }

    private static void Print(TextWriter output, string workers, JobRate rate) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"spectra of mlp, {workers} of one thread: {60 * rate.Jobs:0} a minute; processor time of one: "
                    + $"{1000 * rate.Workers:0} ms in workers, {1000 * rate.Host:0} ms in the host"
            )
        );
}
