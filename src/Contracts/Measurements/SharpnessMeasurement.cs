namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The ends of the spectrum of one operator.</summary>
/// <param name="Top">The largest eigenvalues with their residual bounds, largest first.</param>
/// <param name="Bottom">The smallest eigenvalues with their residual bounds, smallest first.</param>
/// <param name="Converged">Whether all reached the tolerance; if not, the error bars say how far they came.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record SharpnessMeasurement(
    IReadOnlyList<Estimate> Top,
    IReadOnlyList<Estimate> Bottom,
    bool Converged,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "sharpness";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => Top.Count > 0 ? Top[0] : null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => Bottom.Count > 0 ? Bottom[0] : null;
}
