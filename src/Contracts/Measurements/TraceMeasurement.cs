namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The trace and the Frobenius norm of one operator, from the same products.</summary>
/// <param name="Trace">tr A, with its standard error.</param>
/// <param name="Frobenius">‖A‖_F = √Σ λ², with its standard error.</param>
/// <param name="Layers">The trace of the diagonal block of every parameter tensor, in the model's order; they add up to
/// tr A.</param>
/// <param name="Deflated">How many directions were taken out and counted exactly.</param>
/// <param name="Exact">Whether the probes were all unit vectors, so that the error bars are rounding alone.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record TraceMeasurement(
    Estimate Trace,
    Estimate Frobenius,
    IReadOnlyList<LayerEstimate> Layers,
    int Deflated,
    bool Exact,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "trace";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
