using System.Diagnostics;

namespace CurvatureMonitor.Bench;

/// <summary>
/// Times work in seconds. Pairs are taken in turn, A B A B …, so that a machine whose speed drifts changes both alike.
/// </summary>
internal static class Stopwatches
{
    internal static double Seconds(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>
    /// The time of each named piece of work as a multiple of the baseline's, round by round, after one uncounted round:
    /// by the clock, and in the processor time of this process, which other programs disturb less.
    /// </summary>
    internal static (
        double BaselineSeconds,
        double BaselineProcessorSeconds,
        Dictionary<string, Ratio> Ratios,
        Dictionary<string, Ratio> ProcessorRatios
    ) Compare(
        int rounds,
        Action baseline,
        IReadOnlyList<(string Name, Action Work)> others,
        Action<string>? progress = null
    )
    {
        var baselines = new List<double>();
        var processorBaselines = new List<double>();
        var ratios = others.ToDictionary(other => other.Name, _ => new List<double>());
        var processorRatios = others.ToDictionary(other => other.Name, _ => new List<double>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var (name, work) in others)
            {
                var reference = Times(baseline);
                var time = Times(work);
                if (round > 0)
                {
                    baselines.Add(reference.Clock);
                    processorBaselines.Add(reference.Processor);
                    ratios[name].Add(time.Clock / reference.Clock);
                    processorRatios[name].Add(time.Processor / reference.Processor);
                }
            }

            progress?.Invoke($"round {round} of {rounds}");
        }

        return (
            Statistics.Median(baselines),
            Statistics.Median(processorBaselines),
            Ratios(ratios),
            Ratios(processorRatios)
        );
    }

    private static Dictionary<string, Ratio> Ratios(Dictionary<string, List<double>> rounds) =>
        rounds.ToDictionary(pair => pair.Key, pair => Ratio.Of(pair.Value));

    private static (double Clock, double Processor) Times(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        double clock = Seconds(work);
        return (clock, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }
}
