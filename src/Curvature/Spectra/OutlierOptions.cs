namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>When a stem counts as an outlier; see <see cref="BulkAndOutliers"/>.</summary>
public sealed record OutlierOptions
{
    /// <summary>
    /// How many times wider than the gaps at the edge of the bulk the gap to the first outlier must be. Within a smooth
    /// density the gaps between Ritz values shrink towards the edge, as 5 : 3 for the outermost two. Where steps are so
    /// many that the outermost eigenvalues are resolved, their own gaps fluctuate and the first is the widest (Tracy
    /// and Widom): of a hundred Gaussian matrices with P = 400, seven show a false outlier after 60 steps, none with P
    /// = 225 after 30.
    /// </summary>
    public double GapFactor { get; init; } = 3;

    /// <summary>Over how many gaps inwards, a probe, the edge's own gaps are taken; the widest counts.</summary>
    public int GapWindow { get; init; } = 4;

    /// <summary>
    /// How unlikely it must be that a single eigenvalue shows a weight as large as a stem of the bulk, in standard
    /// deviations of a normal variable (3.09: one in a thousand).
    /// </summary>
    public double Deviations { get; init; } = 3.09;

    /// <summary>
    /// Stems nearer than this share of the width are one: copies of a converged eigenvalue by several probes, or ghosts
    /// of a run without reorthogonalisation.
    /// </summary>
    public double MergeTolerance { get; init; } = 1e-6;
}
