using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Which analyses of a bundle's checkpoints <c>curvature analyze</c> is asked for, and how they are made.
/// </summary>
internal sealed record AnalysisRequest
{
    /// <summary>The analyses that are made where none is named.</summary>
    internal static IReadOnlyList<AnalysisKind> DefaultAnalyses { get; } =
    [AnalysisKind.Sharpness, AnalysisKind.Spectrum, AnalysisKind.Trace, AnalysisKind.Variance];

    /// <summary>The analyses.</summary>
    public IReadOnlyList<AnalysisKind> Analyses { get; init; } = DefaultAnalyses;

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

    /// <summary>Makes sure that a bundle can be measured so.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says which option and how to mend it.</exception>
    internal void Validate()
    {
        RequirePositive("--lanczos-steps", Settings.LanczosSteps);
        RequirePositive("--top", Settings.TopEigenvalues);
        if (Settings.Probes < 2)
        {
            throw new UserErrorException(
                $"--probes {Settings.Probes}: give a whole number of at least 2; one alone has no error bar"
            );
        }

        RequirePositive("--density-probes", Settings.DensityProbes);
        RequireEachOnce("--analyses", Analyses);
        RequireEachOnce("--operators", Settings.Operators);
        RequirePositive("--deflate", Settings.Outliers);
        RequirePositive("--vectors", Settings.Vectors);
        RequireEachOnce("--views", Settings.Views ?? [DensityView.Gaussian]);
        RequireEachOnce("--batch-sizes", Settings.BatchSizes ?? [1]);
        foreach (int size in Settings.BatchSizes ?? [])
        {
            RequirePositive("--batch-sizes", size);
        }

        if (Settings.SharpnessBatches < 2)
        {
            throw new UserErrorException(
                $"--batches {Settings.SharpnessBatches}: give a whole number of at least 2; one alone has no spread"
            );
        }

        if (!(Settings.EigenpairTolerance > 0 && Settings.EigenpairTolerance < 1))
        {
            throw new UserErrorException(
                $"--tolerance {Settings.EigenpairTolerance}: give a number between 0 and 1, the residual bound as a "
                    + $"share of the largest |eigenvalue|"
            );
        }

        if (Settings.LimitBytes < 1)
        {
            throw new UserErrorException("--memory-budget: give at least 1 megabyte, or leave it out");
        }
    }

    private static void RequirePositive(string option, int? value)
    {
        if (value < 1)
        {
            throw new UserErrorException($"{option} {value}: give a whole number of at least 1");
        }
    }

    private static void RequireEachOnce<T>(string option, IReadOnlyList<T> values)
    {
        if (values.Count == 0 || values.Distinct().Count() != values.Count)
        {
            throw new UserErrorException($"{option}: name at least one, each once");
        }
    }
}
