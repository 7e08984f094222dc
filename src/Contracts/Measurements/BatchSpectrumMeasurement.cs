namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The spectra of random batches: what the mini-batch theory predicts, measured.</summary>
/// <param name="Eigenvalues">The k-th largest eigenvalue of a batch, for k = 1, 2, …</param>
/// <param name="Smallest">The smallest eigenvalue of a batch.</param>
/// <param name="Overlap">(uᵀφ)² of a batch's top eigenvector u with that of the whole set; null where that was not
/// given.</param>
/// <param name="Density">The stems of all batches, averaged.</param>
/// <param name="Converged">Whether the eigenvalues of every batch reached the tolerance.</param>
/// <param name="BatchSize">B.</param>
/// <param name="Batches">How many batches there were.</param>
/// <param name="Provenance">How it was made; samples are those that batches were drawn from.</param>
/// <param name="Cost">What it cost; products are counted in whole sets of samples, rounded up.</param>
public sealed record BatchSpectrumMeasurement(
    IReadOnlyList<Spread> Eigenvalues,
    Spread Smallest,
    Spread? Overlap,
    SpectralDensity Density,
    bool Converged,
    int BatchSize,
    int Batches,
    Provenance Provenance,
    MeasurementCost Cost
) : Measurement(Provenance, Cost)
{
    /// <inheritdoc/>
    public override string Analysis => "mini_batch";

    /// <summary>Null: the eigenvalues are those of batches, not of the operator itself.</summary>
    public override Estimate? LambdaMax => null;

    /// <inheritdoc/>
    public override Estimate? LambdaMin => null;
}
