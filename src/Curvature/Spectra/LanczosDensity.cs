using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>The spectral density that a Lanczos run leaves.</summary>
public static class LanczosDensity
{
    extension(SpectralDensity)
    {
        /// <summary>The density that one Lanczos run from an isotropic start vector saw.</summary>
        public static SpectralDensity From(LanczosDecomposition decomposition)
        {
            ArgumentNullException.ThrowIfNull(decomposition);
            var pairs = decomposition.RitzPairs;
            return SpectralDensity.Create(
                [.. pairs.Select(pair => pair.Value)],
                [.. pairs.Select(pair => pair.FirstComponent * pair.FirstComponent)],
                decomposition.Basis.Length
            );
        }
    }
}
