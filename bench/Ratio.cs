namespace CurvatureMonitor.Bench;

/// <summary>How often one piece of work's time goes into another's, over several rounds of one run.</summary>
/// <param name="Median">The median of the rounds' ratios: what to quote.</param>
/// <param name="Lowest">The smallest ratio.</param>
/// <param name="Highest">The largest ratio; far from the lowest means that the machine was busy.</param>
/// <param name="Rounds">The number of rounds.</param>
internal sealed record Ratio(double Median, double Lowest, double Highest, int Rounds)
{
    internal static Ratio Of(IReadOnlyList<double> ratios)
    {
        double[] sorted = [.. ratios.Order()];
        return new Ratio(Statistics.Median(sorted), sorted[0], sorted[^1], sorted.Length);
    }
}
