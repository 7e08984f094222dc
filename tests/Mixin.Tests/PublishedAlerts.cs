using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The published alerts.</summary>
internal static class PublishedAlerts
{
    /// <summary>What users route and silence by: a name that goes is a change for them.</summary>
    public static readonly string[] Contract =
    [
        "CurvatureBatchTooLarge",
        "CurvatureBatchTooSmall",
        "CurvatureCertificateExpires",
        "CurvatureClusterLeft",
        "CurvatureDampingTooSmall",
        "CurvatureDeadLetters",
        "CurvatureDivergenceBand",
        "CurvatureEdgeOfStability",
        "CurvatureEstimateUnreliable",
        "CurvatureFallingBehind",
        "CurvatureHeadroom",
        "CurvatureHessianVarianceRising",
        "CurvatureInstabilityImminent",
        "CurvatureMonitorDown",
        "CurvatureNegativeCurvature",
        "CurvatureNoWorkers",
        "CurvatureNonFinite",
        "CurvatureOutOfMemory",
        "CurvatureRunDegraded",
        "CurvatureStale",
        "CurvatureSubspaceRotated",
        "CurvatureSurge",
        "CurvatureWarmupTooFast",
        "CurvatureWorkerDown",
    ];

    public static TheoryData<string> Names => [.. All.Select(alert => alert.Name).Distinct(StringComparer.Ordinal)];

    public static IReadOnlyList<AlertRule> All { get; } =
    [.. AlertRules.All(Repository.Configuration).SelectMany(group => group.Alerts)];
}
