using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>The ends of a spectrum by restarted Lanczos.</summary>
internal sealed record EigenpairsReading
{
    /// <summary>The largest eigenvalues, largest first.</summary>
    public IReadOnlyList<double>? Largest { get; init; }

    /// <summary>Residual bounds of <see cref="Largest"/>: an eigenvalue lies within each.</summary>
    public IReadOnlyList<double>? LargestResiduals { get; init; }

    /// <summary>The smallest eigenvalues, smallest first.</summary>
    public IReadOnlyList<double>? Smallest { get; init; }

    /// <summary>Residual bounds of <see cref="Smallest"/>.</summary>
    public IReadOnlyList<double>? SmallestResiduals { get; init; }

    /// <summary>The largest residual bound that was asked for, as a share of max |λ|.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether every eigenvalue reached it; if not, the bounds say how far the search came.</summary>
    public bool? Converged { get; init; }

    /// <summary>Lanczos steps done.</summary>
    public int? LanczosSteps { get; init; }

    /// <summary>Vectors held at most.</summary>
    public int? Vectors { get; init; }

    /// <summary>Curvature products spent.</summary>
    public long? CurvatureProducts { get; init; }

    internal static EigenpairsReading Of(EigenpairsMeasurement measured) =>
        new()
        {
            Largest = measured.Largest.Count > 0 ? [.. measured.Largest.Select(value => value.Value)] : null,
            LargestResiduals = measured.Largest.Count > 0 ? [.. measured.Largest.Select(value => value.Error)] : null,
            Smallest = measured.Smallest.Count > 0 ? [.. measured.Smallest.Select(value => value.Value)] : null,
            SmallestResiduals =
                measured.Smallest.Count > 0 ? [.. measured.Smallest.Select(value => value.Error)] : null,
            Tolerance = measured.Tolerance,
            Converged = measured.Converged,
            LanczosSteps = measured.Provenance.Steps,
            Vectors = measured.Vectors,
            CurvatureProducts = measured.Cost.CurvatureProducts,
        };
}
