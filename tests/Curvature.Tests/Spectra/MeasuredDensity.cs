using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The density of an operator, as Lanczos sees it from one start vector.</summary>
internal static class MeasuredDensity
{
    internal static SpectralDensity Of(ISymmetricOperator symmetric, long seed, int steps)
    {
        using var start = Vectors.StartFor(symmetric, seed);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
        return SpectralDensity.From(decomposition);
    }
}
