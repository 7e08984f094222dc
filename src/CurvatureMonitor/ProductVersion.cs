using System.Reflection;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor;

/// <summary>Version and source revision of the product, as it was built.</summary>
internal static class ProductVersion
{
    // Where the product was built from a repository, its revision follows the version after a plus sign.
    private static readonly string[] Parts = (
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown"
    ).Split('+');

    /// <summary>The version, such as <c>0.1.0</c>.</summary>
    internal static string Version => Parts[0];

    /// <summary>The settings of metrics that tell it.</summary>
    internal static CurvatureMetricsOptions OfMetrics { get; } =
        new() { Version = Version, Revision = Parts.Length > 1 ? Parts[1] : "unknown" };
}
