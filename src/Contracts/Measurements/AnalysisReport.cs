namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>What a job gave.</summary>
/// <param name="Measurements">One an operator.</param>
/// <param name="PreconditionedSharpness">λ1(P^-½ H P^-½) for Adam and its kin; null for other optimisers.</param>
/// <param name="PreconditionedCost">What that cost, beside the measurements; null where it was not measured.</param>
public sealed record AnalysisReport(
    IReadOnlyList<Measurement> Measurements,
    Estimate? PreconditionedSharpness = null,
    MeasurementCost? PreconditionedCost = null
)
{
    /// <summary>
    /// λ1(D^½ H D^½) with the groups' learning rates in D; null where they do not differ. Its cost is in
    /// <see cref="PreconditionedCost"/>.
    /// </summary>
    public Estimate? ScaledSharpness { get; init; }

    /// <summary>Statistics of the gradient; null where they were not measured.</summary>
    public GradientMeasurement? Gradient { get; init; }

    /// <summary>Norms of the parameters; null where they were not measured.</summary>
    public WeightNorms? Weights { get; init; }

    /// <summary>
    /// What the variance means for batches and for the optimiser; null where no variance was measured.
    /// </summary>
    public MiniBatchOutlook? Outlook { get; init; }

    /// <summary>
    /// The step of the checkpoint that eigenvectors are compared with; null where they are compared with none.
    /// </summary>
    public long? ComparedWith { get; init; }

    /// <summary>The cost of everything in it, one after the other.</summary>
    public MeasurementCost Cost =>
        Measurements.Aggregate(
            (PreconditionedCost ?? MeasurementCost.None) + (Gradient?.Cost ?? MeasurementCost.None),
            (sum, measurement) => sum + measurement.Cost
        );
}
