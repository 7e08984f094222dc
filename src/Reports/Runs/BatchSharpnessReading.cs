using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>E_B[gᵀA_B g/‖g‖²] over random batches of one size.</summary>
internal sealed record BatchSharpnessReading
{
    /// <summary>The mean.</summary>
    public double? Value { get; init; }

    /// <summary>Standard error of <see cref="Value"/>.</summary>
    public double? Stderr { get; init; }

    /// <summary>How many batches were drawn; of saved analyses alone.</summary>
    public int? Batches { get; init; }

    /// <summary>
    /// Beside the limit of plain small-batch descent; of the Hessian and the training's own batch size alone. A live
    /// run's stands beside this, in the measurement.
    /// </summary>
    public StabilityReading? Stability { get; init; }

    internal static BatchSharpnessReading Of(BatchSharpnessMeasurement measured) =>
        new()
        {
            Value = measured.Sharpness.Value,
            Stderr = measured.Sharpness.Error,
            Batches = measured.Batches,
        };
}
