using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The semicircle from Lanczos.</summary>
internal static class SemicircleDensity
{
    // The Gauss quadrature of the semicircle: nodes 2 cos(πj/(m + 1)), weights 2 sin²(πj/(m + 1))/(m + 1).
    public static SpectralDensity Semicircle(int m) =>
        SpectralDensity.Create(
            [.. Enumerable.Range(1, m).Select(j => 2 * Math.Cos(Math.PI * j / (m + 1)))],
            [.. Enumerable.Range(1, m).Select(j => Math.Pow(Math.Sin(Math.PI * j / (m + 1)), 2))],
            1_000_000
        );
}
