using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>E_B[gᵀA_B g/‖g‖²] over random batches of one size.</summary>
internal sealed record BatchSharpnessReading
{
    /// <summary>The mean.</summary>
    public double? Value
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="Value"/>.</summary>
    public double? Stderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>How many batches were drawn.</summary>
    public int? Batches { get; init; }

    /// <summary>
    /// Beside the limit of plain small-batch descent; of the Hessian and the training's own batch size alone.
    /// </summary>
    public StabilityReading? Stability { get; init; }
}
