namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The sharpness beyond which an optimiser diverges on a quadratic.</summary>
/// <param name="Kind">Which sharpness it is a limit of.</param>
/// <param name="Value">The limit, positive and finite.</param>
/// <remarks>
/// Gradient descent 2/η; heavy ball 2(1+β)/η; Nesterov 2(1+β)/(η(1+2β)) (Cohen et al. 2021, appendix B); batch
/// sharpness of plain small-batch descent 2/η; Adam (2+2β1)/((1−β1)η) for the preconditioned operator (Cohen et al.
/// 2022), and what follows in the same way for others (docs/analyses.md).
/// </remarks>
public sealed record StabilityLimit(StabilityKind Kind, double Value);
