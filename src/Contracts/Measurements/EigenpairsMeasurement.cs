namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>Both ends of a spectrum, repeated eigenvalues as often as they are.</summary>
/// <param name="Largest">The largest eigenvalues with their residual bounds, largest first.</param>
/// <param name="Smallest">The smallest eigenvalues with their residual bounds, smallest first.</param>
/// <param name="Tolerance">The largest residual bound that was asked for, as a share of max |λ|.</param>
/// <param name="Converged">Whether all reached it; if not, the error bars say how far they came.</param>
/// <param name="Vectors">Vectors held at most.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record EigenpairsMeasurement(
    IReadOnlyList<Estimate> Largest,
    IReadOnlyList<Estimate> Smallest,
    double Tolerance,
    bool Converged,
    int Vectors,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "eigenpairs";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => Largest.Count > 0 ? Largest[0] : null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => Smallest.Count > 0 ? Smallest[0] : null;
}
