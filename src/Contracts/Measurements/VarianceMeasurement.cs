using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>How much a curvature matrix differs between samples.</summary>
/// <param name="Isotropic"> (1/N) Σ tr(A_i²) − tr(A²) = (1/N) Σ ‖A_i − A‖_F², the summed variance of the elements
/// (thesis, algorithm 8, with ‖A v‖² in place of (vᵀA v)²), with its standard error; null where no probes were asked
/// for. The σ² of the mini-batch theory is this divided by P². </param>
/// <param name="Directional">(1/N) Σ ‖(A_i − A) φ‖² for every direction φ that was handed in, scaled to unit length, in
/// their order.</param>
/// <param name="Form">What it was computed from.</param>
/// <param name="BatchSize">Samples a micro-batch of that form; 1 where it is per sample.</param>
/// <param name="Exact">Whether the probes were all unit vectors.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost; a pass of per-sample products over the probe set counts as one product.</param>
public sealed record VarianceMeasurement(
    Estimate? Isotropic,
    IReadOnlyList<Estimate> Directional,
    VarianceForm Form,
    int BatchSize,
    bool Exact,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "variance";

    /// <inheritdoc/>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
