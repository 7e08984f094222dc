using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Analysis;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Makes the request that the options of <c>curvature analyze</c> come to.</summary>
internal static class AnalysisRequests
{
    private static readonly AnalysisRequest Defaults = new();

    /// <summary>The request. An option of an analysis asks for that analysis too.</summary>
    /// <exception cref="UserErrorException">An option makes no sense.</exception>
    internal static AnalysisRequest Create(AnalyzeOptions options, long memoryBudget)
    {
        var request = new AnalysisRequest
        {
            Analyses = Words.All<BundleAnalysis>(options.Analyses),
            Operators = Words.All<OperatorKind>(options.Operators),
            Steps = options.LanczosSteps,
            Top = options.Top,
            Seed = options.Seed,
            Probes = options.Probes,
            DensityProbes = options.DensityProbes,
            Fast = options.Fast,
            VarianceForm = Words.Maybe<VarianceForm>(options.VarianceForm),
            Eigenpairs = EigenpairsAttribute.Parse(options.Eigenpairs ?? "") ?? Defaults.Eigenpairs,
            EigenpairTolerance = options.Tolerance,
            Vectors = options.Vectors,
            Views = options.Views is { } views ? Words.All<DensityView>(views) : Defaults.Views,
            PowerLaw = MagnitudesAttribute.Parse(options.PowerLaw ?? ""),
            Outliers = options.Deflate ?? Defaults.Outliers,
            Compare = options.Compare,
            BatchSizes = WholeNumbersAttribute.Parse(options.BatchSizes ?? ""),
            Batches = options.Batches,
            MemoryBudget = memoryBudget,
        };
        request.Validate();
        return request with { Analyses = BundleAnalyses.Complete(request.Analyses.Concat(Implied(options, request))) };
    }

    private static IEnumerable<BundleAnalysis> Implied(AnalyzeOptions options, AnalysisRequest request)
    {
        (bool Given, BundleAnalysis Analysis)[] all =
        [
            (options.Eigenpairs is not null, BundleAnalysis.Eigenpairs),
            (options.Views is not null || request.PowerLaw is not null, BundleAnalysis.Views),
            (options.Deflate is not null, BundleAnalysis.Deflated),
            (request.Compare is not null, BundleAnalysis.Tracking),
            (request.BatchSizes is not null && !request.Wants(BundleAnalysis.BatchSharpness), BundleAnalysis.MiniBatch),
        ];
        return all.Where(pair => pair.Given).Select(pair => pair.Analysis);
    }
}
