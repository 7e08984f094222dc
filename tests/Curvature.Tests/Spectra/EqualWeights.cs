using CurvatureMonitor.Contracts.Measurements;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Densities of stems of equal weight.</summary>
internal static class EqualWeights
{
    public static Arbitrary<double[]> Values(int count) =>
        Gen.Choose(-60, 60).Select(n => n / 10.0).ArrayOf(count).ToArbitrary();

    public static SpectralDensity Equal(double[] values) =>
        SpectralDensity.Create(values, [.. values.Select(_ => 1.0)], values.Length);
}
