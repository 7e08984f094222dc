using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Makes the request that the options of <c>curvature analyze</c> come to.</summary>
internal static class AnalysisRequests
{
    private static readonly AnalysisSettings Defaults = AnalysisSettings.Thorough;

    /// <summary>The request. An option of an analysis asks for that analysis too.</summary>
    /// <exception cref="UserErrorException">An option makes no sense.</exception>
    internal static AnalysisRequest Create(AnalyzeOptions options, long memoryBudget)
    {
        var request = new AnalysisRequest
        {
            Analyses = Words.All<AnalysisKind>(options.Analyses),
            Settings = Settings(options).Within(memoryBudget),
            Compare = options.Compare,
        };
        request.Settings.Validate();
        return (request with { Analyses = [.. request.Analyses.Union(Implied(options, request))] }).Complete();
    }

    private static AnalysisSettings Settings(AnalyzeOptions options)
    {
        var (largest, smallest) = EigenpairsAttribute.Parse(options.Eigenpairs ?? "")
            ?? (Defaults.LargestEigenpairs, Defaults.SmallestEigenpairs);
        return Defaults with
        {
            Operators = Words.All<OperatorKind>(options.Operators),
            LanczosSteps = options.LanczosSteps,
            TopEigenvalues = options.Top,
            TrackedEigenvectors = options.Top,
            DeflatedEigenvectors = options.Top,
            Seed = options.Seed,

            // Whoever names a number of random vectors wants them.
            Probes = options.Probes ?? Defaults.Probes,
            ExactParameters = options.Probes is null ? Defaults.ExactParameters : 0,
            DensityProbes = options.DensityProbes,
            Fast = options.Fast,
            VarianceForm = Words.Maybe<VarianceForm>(options.VarianceForm),
            LargestEigenpairs = largest,
            SmallestEigenpairs = smallest,
            EigenpairTolerance = options.Tolerance,
            Vectors = options.Vectors,
            Views = options.Views is { } views ? Words.All<DensityView>(views) : null,
            PowerLaw = MagnitudesAttribute.Parse(options.PowerLaw ?? ""),
            Outliers = options.Deflate ?? Defaults.Outliers,
            BatchSizes = WholeNumbersAttribute.Parse(options.BatchSizes ?? ""),
            Modules = options.Modules is { } patterns ? ModulePatternsAttribute.Parse(patterns) : null,
            SharpnessBatches = options.Batches ?? Defaults.SharpnessBatches,
            SpectrumBatches = options.Batches ?? Defaults.SpectrumBatches,
        };
    }

    private static IEnumerable<AnalysisKind> Implied(AnalyzeOptions options, AnalysisRequest request)
    {
        (bool Given, AnalysisKind Analysis)[] all =
        [
            (options.Eigenpairs is not null, AnalysisKind.Eigenpairs),
            (options.Views is not null || options.PowerLaw is not null, AnalysisKind.Views),
            (options.Deflate is not null, AnalysisKind.Deflated),
            (options.Compare is not null, AnalysisKind.Tracking),
            (options.Modules is not null, AnalysisKind.Modules),
            (options.BatchSizes is not null && !request.Wants(AnalysisKind.BatchSharpness), AnalysisKind.MiniBatch),
        ];
        return all.Where(pair => pair.Given).Select(pair => pair.Analysis);
    }
}
