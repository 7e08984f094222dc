namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The largest eigenvalue and the trace of the diagonal block of every module.</summary>
/// <param name="Modules">One a module, in the order of the patterns, or of the model.</param>
/// <param name="LeftOut">How many modules of the model there was no room for.</param>
/// <param name="Converged">Whether every eigenvalue reached the tolerance; if not, the residual bounds say how far the
/// search came.</param>
/// <param name="Exact">Whether the traces are exact, so that their error bars are rounding alone.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record ModulesMeasurement(
    IReadOnlyList<ModuleCurvature> Modules,
    int LeftOut,
    bool Converged,
    bool Exact,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "modules";

    /// <summary>Null: the eigenvalues are those of blocks, not of the operator itself.</summary>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
