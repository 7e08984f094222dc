namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// How the eigenvectors of an earlier checkpoint lie in the curvature of this one, and the gradient in its top
/// eigenspace.
/// </summary>
/// <param name="Curvature">vᵀ A(t) v for every earlier eigenvector v, with the rounding error of the product.</param>
/// <param name="Overlap">(vᵢᵀ uⱼ)² for earlier eigenvectors vᵢ (rows) and current ones uⱼ (columns).</param>
/// <param name="SubspaceOverlap"> ‖VᵀU‖²_F / min(k, m) with orthonormal bases of both spaces, 0 to 1: 1 where one space
/// contains the other, min(k, m)⁻¹·km/P for random ones. Null where either set is empty. </param>
/// <param name="GradientAlignment">‖Uᵀg‖²/‖g‖², the share of the gradient in the current top eigenspace, 0 to 1; null
/// for a zero gradient or no vectors.</param>
/// <param name="GradientAlignments">(uⱼᵀg)²/‖g‖² for every current eigenvector; empty where the share is null.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost: a product for every earlier eigenvector.</param>
public sealed record TrackingMeasurement(
    IReadOnlyList<Estimate> Curvature,
    IReadOnlyList<IReadOnlyList<double>> Overlap,
    Estimate? SubspaceOverlap,
    Estimate? GradientAlignment,
    IReadOnlyList<double> GradientAlignments,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <summary>Step of the earlier checkpoint; null where there was none.</summary>
    public long? ComparedWith { get; init; }

    /// <summary>
    /// W₁ between the densities of the two checkpoints, in units of eigenvalues; null where there was no earlier one.
    /// </summary>
    public double? Wasserstein { get; init; }

    /// <summary>(vᵢᵀuᵢ)² of the eigenvectors of equal rank; empty where nothing was tracked before.</summary>
    public IReadOnlyList<double> OverlapsByRank() =>
        [.. Overlap.Index().Where(row => row.Index < row.Item.Count).Select(row => row.Item[row.Index])];

    /// <inheritdoc/>
    public override string Analysis => "tracking";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
