using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>How a measurement was made: what it takes to repeat it.</summary>
/// <param name="Operator">Which curvature matrix.</param>
/// <param name="Steps">Lanczos steps a probe: those done, which an invariant subspace may have made fewer than those
/// asked for.</param>
/// <param name="Probes">Start vectors.</param>
/// <param name="Seed">The seed of the start vectors.</param>
/// <param name="WarmStarted">Whether the start vector came from an earlier measurement.</param>
/// <param name="Parameters">P.</param>
/// <param name="Samples">N, the size of the probe set.</param>
/// <param name="MicroBatch">Samples a micro-batch.</param>
/// <param name="BatchNorm">What batch norm normalised with.</param>
/// <param name="ElementType">The element type of products and vectors.</param>
/// <param name="Device">Where the products were made.</param>
/// <param name="RetainedShare">Share of micro-batches whose graph was kept between products, 0 to 1; speed and memory
/// depend on it, results do not.</param>
public sealed record Provenance(
    OperatorKind Operator,
    int Steps,
    int Probes,
    long Seed,
    bool WarmStarted,
    long Parameters,
    long Samples,
    int MicroBatch,
    BatchNormMode BatchNorm,
    ElementType ElementType,
    Device Device,
    double RetainedShare
)
{
    /// <summary>What the engine gave up for want of memory or of an exact derivative; null when nothing.</summary>
    public Degradation? Degradation { get; init; }

    /// <summary>
    /// What was done with the program's casts to types of less precision: <c>off (bfloat16)</c>, done without, or
    /// <c>keep (bfloat16)</c>, whose rounding is in the error bars; null where it has none.
    /// </summary>
    public string? Autocast { get; init; }

    /// <summary>
    /// Whether Lanczos vectors were kept and reorthogonalised. Where not, the density stands, but its stems are no
    /// count of eigenvalues (fast Lanczos).
    /// </summary>
    public bool Reorthogonalised { get; init; } = true;
}
