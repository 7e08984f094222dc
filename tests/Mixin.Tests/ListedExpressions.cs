using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The expressions that are listed.</summary>
internal static class ListedExpressions
{
    public static readonly ExpressionList List = new(
        Repository.Configuration,
        new RecordingRules(Repository.Configuration).All(),
        AlertRules.All(Repository.Configuration),
        MixinFiles.Dashboards(Repository.Configuration)
    );

    public static readonly HashSet<string> Served = [.. new CurvatureMetrics().Descriptors.SelectMany(SampleNames)];

    public static IEnumerable<string> SampleNames(MetricDescriptor descriptor) =>
        descriptor.Type switch
        {
            MetricType.Histogram => [$"{descriptor.Name}_bucket", $"{descriptor.Name}_count", $"{descriptor.Name}_sum"],
            MetricType.GaugeHistogram =>
            [
                $"{descriptor.Name}_bucket",
                $"{descriptor.Name}_gcount",
                $"{descriptor.Name}_gsum",
            ],
            _ => [descriptor.Name],
        };
}
