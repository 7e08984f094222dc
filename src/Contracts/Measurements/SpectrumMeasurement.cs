namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The spectrum of one operator.</summary>
/// <param name="Density">The stem density, averaged over the probes.</param>
/// <param name="Eigenvalues">The largest Ritz values with their error bars, largest first; an error bar as wide as the
/// gaps means "not converged".</param>
/// <param name="Smallest">The smallest Ritz value with its error bar.</param>
/// <param name="Trace">tr A, with its standard error.</param>
/// <param name="InvariantSubspace">Whether every probe's Krylov space closed, so that all Ritz values are exact up to
/// rounding.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record SpectrumMeasurement(
    SpectralDensity Density,
    IReadOnlyList<Estimate> Eigenvalues,
    Estimate Smallest,
    Estimate Trace,
    bool InvariantSubspace,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <summary>Fewer steps cannot tell outliers from the edge of the bulk.</summary>
    private const int StepsForOutliers = 20;

    /// <summary>
    /// Whether the eigenvalues here reached their tolerance before the steps were used up; null in journals from before
    /// it was recorded.
    /// </summary>
    public bool? Converged { get; init; }

    /// <summary>
    /// Whether the eigenvalues come from a search beside the density, which lists repeated ones as often as they are.
    /// </summary>
    public bool Searched { get; init; }

    /// <summary>What the density says in numbers; null in journals from before it was recorded.</summary>
    public SpectrumShape? Shape { get; init; }

    /// <summary>
    /// How many eigenvalues stand apart from the bulk; null where the steps are too few to tell, and where stems are no
    /// count of eigenvalues.
    /// </summary>
    public int? Outliers =>
        Provenance.Steps >= StepsForOutliers && Provenance.Reorthogonalised
            ? Shape?.OutliersAbove.Count + Shape?.OutliersBelow.Count
            : null;

    /// <inheritdoc/>
    public override string Analysis => "spectrum";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => Eigenvalues.Count > 0 ? Eigenvalues[0] : null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => Smallest;
}
