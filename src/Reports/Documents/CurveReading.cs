using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Analyses;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>One smooth curve of a density.</summary>
internal sealed record CurveReading
{
    /// <summary>Places: eigenvalues, or ln(|λ| + floor) in the log view.</summary>
    public IReadOnlyList<double>? Points { get; init; }

    /// <summary>The density there, per unit of <see cref="Points"/>; its integral is 1.</summary>
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>The part of <see cref="Values"/> that comes from negative eigenvalues; of the log view alone.</summary>
    public IReadOnlyList<double>? Negative { get; init; }

    /// <summary>σ of the Gaussians, in units of <see cref="Points"/>.</summary>
    public double? Sigma { get; init; }

    /// <summary>What was added to |λ| in the log view; the null space lies at its logarithm.</summary>
    public double? Floor { get; init; }

    /// <summary>Highest moment that the curve was made of.</summary>
    public int? Order { get; init; }

    /// <summary>−∫ φ ln φ dλ in nats; of the entropy view alone.</summary>
    public double? Entropy { get; init; }

    /// <summary>The straight line in the log view; where a range was given.</summary>
    public PowerLawReading? PowerLaw { get; init; }

    internal static CurveReading Of(DensityCurve curve, MagnitudeRange? powerLaw) =>
        new()
        {
            Points = curve.Curve.Points,
            Values = curve.Curve.Values,
            Negative = curve.Negative,
            Sigma = curve.Sigma,
            Floor = curve.Floor,
            Order = curve.Order,
            Entropy = curve.Entropy,
            PowerLaw = curve.PowerLaw is { } line
                ? new PowerLawReading
                {
                    Low = powerLaw?.Low,
                    High = powerLaw?.High,
                    Exponent = line.Exponent,
                    Coefficient = line.Coefficient,
                    RSquared = line.RSquared,
                }
                : null,
        };
}
