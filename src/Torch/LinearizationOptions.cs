using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Torch;

/// <summary>
/// How much memory a linearization may use. Counted on the CPU; on CUDA devices libtorch's own limit holds.
/// </summary>
public sealed record LinearizationOptions
{
    /// <summary>
    /// Bytes that retained graphs may take; micro-batches beyond it rebuild their graph at every product. 0 keeps none.
    /// </summary>
    public long RetainBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Bytes that may be in use at any moment, retained graphs included. What does not fit is done in smaller pieces
    /// (<see cref="Degradation"/>) or fails with <see cref="TorchErrorKind.OutOfMemory"/>.
    /// </summary>
    public long LimitBytes { get; init; } = long.MaxValue;
}
