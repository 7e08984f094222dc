namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The curvature that a training step on a batch sees along its own gradient.</summary>
/// <param name="Sharpness">E_B[gᵀ A_B g / ‖g‖²] with g = ∇L_B, over random batches of the probe set, with its standard
/// error.</param>
/// <param name="BatchSize">B.</param>
/// <param name="Batches">How many batches were averaged.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost; samples are counted in whole probe sets, rounded up.</param>
public sealed record BatchSharpnessMeasurement(
    Estimate Sharpness,
    int BatchSize,
    int Batches,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "batch_sharpness";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
