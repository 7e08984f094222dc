using System.Diagnostics;

namespace CurvatureMonitor.Bench;

/// <summary>Times work in seconds. Pairs are taken in turn, A B A B …, so that a machine whose speed drifts changes both alike.</summary>
internal static class Stopwatches
{
    internal static double Seconds(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The time of each named piece of work as a multiple of the baseline's, round by round, after one uncounted round.</summary>
    internal static (double BaselineSeconds, Dictionary<string, Ratio> Ratios) Compare(
        int rounds, Action baseline, IReadOnlyList<(string Name, Action Work)> others, Action<string>? progress = null)
    {
        var baselines = new List<double>();
        var ratios = others.ToDictionary(other => other.Name, _ => new List<double>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach (var (name, work) in others)
            {
                double reference = Seconds(baseline);
                double time = Seconds(work);
                if (round > 0)
                {
                    baselines.Add(reference);
                    ratios[name].Add(time / reference);
                }
            }

            progress?.Invoke($"round {round} of {rounds}");
        }

        return (Statistics.Median(baselines), ratios.ToDictionary(pair => pair.Key, pair => Ratio.Of(pair.Value)));
    }
}
