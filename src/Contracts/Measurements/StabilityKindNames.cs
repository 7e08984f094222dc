namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// The names of the kinds in metrics and results: <c>full</c>, <c>batch</c>, <c>preconditioned</c>, <c>scaled</c>.
/// </summary>
public static class StabilityKindNames
{
    /// <summary>The name of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of these.</exception>
    public static string Label(this StabilityKind kind) =>
        kind switch
        {
            StabilityKind.Full => "full",
            StabilityKind.Batch => "batch",
            StabilityKind.Preconditioned => "preconditioned",
            StabilityKind.Scaled => "scaled",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this kind of stability has no name"),
        };
}
