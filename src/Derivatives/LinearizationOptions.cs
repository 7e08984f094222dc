using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// How much memory a linearization may use, counted on every device.
/// </summary>
public sealed record LinearizationOptions
{
    /// <summary>
    /// Bytes that retained graphs may take; micro-batches beyond it rebuild their graph at every product. 0 keeps none.
    /// </summary>
    public long RetainBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Bytes that may be in use at any moment, retained graphs included. What does not fit is done in smaller pieces
    /// (<see cref="Degradation"/>) or fails with <see cref="DerivativeErrorKind.OutOfMemory"/>.
    /// </summary>
    public long LimitBytes { get; init; } = long.MaxValue;
}
