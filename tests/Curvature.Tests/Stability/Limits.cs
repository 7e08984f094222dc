using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>Limits of optimisers.</summary>
internal static class Limits
{
    public static double Limit(OptimizerSettings settings, StabilityKind kind) =>
        StabilityLimit.For(settings, kind)!.Value;
}
