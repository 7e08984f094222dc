using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Which analyses of a bundle's checkpoints <c>curvature analyze</c> is asked for, and how they are made.
/// </summary>
internal sealed record AnalysisRequest
{
    /// <summary>The analyses.</summary>
    public required IReadOnlyList<AnalysisKind> Analyses { get; init; }

    /// <summary>How they are made.</summary>
    public AnalysisSettings Settings { get; init; } = AnalysisSettings.Thorough;

    /// <summary>The step whose checkpoint the others are compared with; null for the first of them.</summary>
    public long? Compare { get; init; }

    /// <summary>Whether an analysis is asked for.</summary>
    internal bool Wants(AnalysisKind analysis) => Analyses.Contains(analysis);

    /// <summary>
    /// The request with the analyses that its own are made of: a view needs the density that it is a view of.
    /// </summary>
    internal AnalysisRequest Complete()
    {
        var all = Analyses.ToHashSet();
        if (all.Overlaps([AnalysisKind.Views, AnalysisKind.Shape, AnalysisKind.Tracking, AnalysisKind.MiniBatch]))
        {
            all.Add(AnalysisKind.Spectrum);
        }

        if (all.Contains(AnalysisKind.MiniBatch))
        {
            all.Add(AnalysisKind.Variance);
        }

        // Without a spectrum there are no eigenvectors to leave out of the probes, and finding them would cost more
        // than the probes.
        int deflated = all.Contains(AnalysisKind.Spectrum) ? Settings.DeflatedEigenvectors : 0;
        return this with { Analyses = [.. all.Order()], Settings = Settings with { DeflatedEigenvectors = deflated } };
    }
}
