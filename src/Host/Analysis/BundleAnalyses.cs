using System.Text.Json;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// The names of analyses on the command line, which of them are measured unasked, and which bring others with them.
/// </summary>
internal static class BundleAnalyses
{
    /// <summary>By name: <c>sharpness</c>, …, <c>mini_batch</c>.</summary>
    internal static IReadOnlyDictionary<string, BundleAnalysis> ByName { get; } =
        Enum.GetValues<BundleAnalysis>()
            .ToDictionary(
                analysis => JsonNamingPolicy.SnakeCaseLower.ConvertName(analysis.ToString()),
                StringComparer.Ordinal
            );

    /// <summary>What is measured where nothing is said.</summary>
    internal static IReadOnlyList<BundleAnalysis> Usual { get; } =
    [BundleAnalysis.Sharpness, BundleAnalysis.Spectrum, BundleAnalysis.Trace, BundleAnalysis.Variance];

    /// <summary>The analyses with those that they are made of: a view needs the density that it is a view of.</summary>
    internal static IReadOnlyList<BundleAnalysis> Complete(IEnumerable<BundleAnalysis> asked)
    {
        var all = asked.ToHashSet();
        if (
            all.Overlaps([
                BundleAnalysis.Views,
                BundleAnalysis.Shape,
                BundleAnalysis.Tracking,
                BundleAnalysis.MiniBatch,
            ])
        )
        {
            all.Add(BundleAnalysis.Spectrum);
        }

        if (all.Contains(BundleAnalysis.MiniBatch))
        {
            all.Add(BundleAnalysis.Variance);
        }

        return [.. all.Order()];
    }
}
