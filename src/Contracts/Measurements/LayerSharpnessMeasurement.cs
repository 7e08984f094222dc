namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The largest eigenvalue of every layer's diagonal block.</summary>
/// <param name="Layers">One a parameter tensor, in the model's order, with its residual bound.</param>
/// <param name="Converged">Whether every one reached the tolerance; if not, the error bars say how far the search
/// came.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record LayerSharpnessMeasurement(
    IReadOnlyList<LayerEstimate> Layers,
    bool Converged,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "layers";

    /// <summary>Null: the eigenvalues are those of blocks, not of the operator itself.</summary>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
