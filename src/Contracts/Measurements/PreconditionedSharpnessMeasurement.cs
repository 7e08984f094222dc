namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// The sharpness that Adam sees: the largest eigenvalue of P^-½ A P^-½ with P = (1 − β1ᵗ)(diag √(ν/(1 − β2ᵗ)) + ε).
/// </summary>
/// <param name="Sharpness">The largest eigenvalue with its residual bound.</param>
/// <param name="Ratio">It, over (2 + 2β1)/((1 − β1)η); null where the learning rate leaves no limit.</param>
/// <param name="Converged">Whether the tolerance was reached; if not, the error bar says how far the search
/// came.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record PreconditionedSharpnessMeasurement(
    Estimate Sharpness,
    StabilityRatio? Ratio,
    bool Converged,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "preconditioned_sharpness";

    /// <summary>Null: the eigenvalue is that of the preconditioned operator, not of the operator itself.</summary>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
