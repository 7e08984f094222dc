using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>One smooth curve of a density.</summary>
/// <param name="View">Which curve.</param>
/// <param name="Curve">Places (eigenvalues, or ln(|λ| + floor) in the log view) and the density there; its integral is
/// 1.</param>
public sealed record DensityCurve(DensityView View, SampledDensity Curve)
{
    /// <summary>The part of the density that comes from negative eigenvalues; of the log view alone.</summary>
    public IReadOnlyList<double>? Negative { get; init; }

    /// <summary>σ of the Gaussians, in units of the places.</summary>
    public double? Sigma { get; init; }

    /// <summary>Added to |λ| in the log view; the null space lies at its logarithm.</summary>
    public double? Floor { get; init; }

    /// <summary>Highest moment that the curve was made of.</summary>
    public int? Order { get; init; }

    /// <summary>−∫ φ ln φ dλ in nats; of the entropy view alone.</summary>
    public double? Entropy { get; init; }

    /// <summary>The straight line in the log view; where the settings give a range.</summary>
    public PowerLaw? PowerLaw { get; init; }
}
