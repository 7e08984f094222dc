namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>A density whose outliers were found by subspace iteration and put back as atoms of mass 1/P.</summary>
/// <param name="Outliers">The outliers with their residuals, largest magnitude first.</param>
/// <param name="Density">The density.</param>
/// <param name="Converged">Whether every outlier reached the tolerance.</param>
/// <param name="Iterations">Iterations of the subspace.</param>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public sealed record DeflatedMeasurement(
    IReadOnlyList<Estimate> Outliers,
    SpectralDensity Density,
    bool Converged,
    int Iterations,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "deflated";

    /// <summary>Null: the outliers are those of largest magnitude, of either sign.</summary>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
