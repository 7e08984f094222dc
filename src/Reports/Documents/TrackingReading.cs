using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>
/// The gradient in the top eigenspace, and the eigenvectors of an earlier checkpoint in the curvature of this one.
/// </summary>
internal sealed record TrackingReading
{
    /// <summary>‖Uᵀg‖²/‖g‖², the share of the gradient in the span of this checkpoint's top eigenvectors.</summary>
    public double? GradientShare { get; init; }

    /// <summary>Rounding error of <see cref="GradientShare"/>.</summary>
    public double? GradientShareError { get; init; }

    /// <summary>(uⱼᵀg)²/‖g‖² for each of them.</summary>
    public IReadOnlyList<double>? GradientShares { get; init; }

    /// <summary>Step of the checkpoint that this one is compared with.</summary>
    public long? ComparedWith { get; init; }

    /// <summary>vᵀA(t)v for the other checkpoint's top eigenvectors v.</summary>
    public IReadOnlyList<double>? Curvature { get; init; }

    /// <summary>Rounding errors of <see cref="Curvature"/>.</summary>
    public IReadOnlyList<double>? CurvatureErrors { get; init; }

    /// <summary>(vᵢᵀuⱼ)²: a row for each of the other checkpoint's vectors, a column for each of this one's.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Overlap { get; init; }

    /// <summary>‖VᵀU‖²_F/min(k, m): 1 where one space holds the other.</summary>
    public double? SubspaceOverlap { get; init; }

    /// <summary>Rounding error of <see cref="SubspaceOverlap"/>.</summary>
    public double? SubspaceOverlapError { get; init; }

    /// <summary>W₁ between the two densities, in units of eigenvalues.</summary>
    public double? Wasserstein { get; init; }

    internal static TrackingReading Of(TrackingMeasurement tracked)
    {
        var reading = new TrackingReading
        {
            GradientShare = tracked.GradientAlignment?.Value,
            GradientShareError = tracked.GradientAlignment?.Error,
            GradientShares = tracked.GradientAlignments.Count > 0 ? tracked.GradientAlignments : null,
        };
        return tracked.ComparedWith is null
            ? reading
            : reading with
            {
                ComparedWith = tracked.ComparedWith,
                Curvature = [.. tracked.Curvature.Select(value => value.Value)],
                CurvatureErrors = [.. tracked.Curvature.Select(value => value.Error)],
                Overlap = tracked.SubspaceOverlap is null ? null : tracked.Overlap,
                SubspaceOverlap = tracked.SubspaceOverlap?.Value,
                SubspaceOverlapError = tracked.SubspaceOverlap?.Error,
                Wasserstein = tracked.Wasserstein,
            };
    }
}
