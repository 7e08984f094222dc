namespace CurvatureMonitor.Curvature;

/// <summary>
/// A product with the operator gave NaN or an infinity: the parameters, the data or the loss are out of the element
/// type's range.
/// </summary>
/// <param name="operatorName">The operator whose product it was.</param>
/// <param name="step">The Lanczos step in which it was found, counted from 1; 0 before the first.</param>
/// <param name="quantity">The number that was not finite.</param>
public sealed class NonFiniteException(string operatorName, int step, string quantity)
    : CurvatureException(
        $"{quantity} of the {operatorName} is not finite in Lanczos step {step}; the parameters, the inputs or the "
            + $"loss overflow or hold NaN"
    )
{
    /// <summary>The operator whose product it was.</summary>
    public string OperatorName { get; } = operatorName;

    /// <summary>The Lanczos step in which it was found, counted from 1; 0 before the first.</summary>
    public int Step { get; } = step;

    /// <summary>The number that was not finite, for example "alpha".</summary>
    public string Quantity { get; } = quantity;
}
