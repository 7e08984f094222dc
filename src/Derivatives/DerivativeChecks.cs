using CurvatureMonitor.Derivatives.Objectives;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// What is wrong with the derivatives that libtorch gives for a model with a loss: some are wrong without a word. Each
/// kind is looked at once on each way through the model's program, on few samples of whichever objective comes first,
/// before the first product that needs it; what memory did not suffice for is looked at again.
/// </summary>
internal sealed class DerivativeChecks
{
    /// <summary>How many ways through a program are looked at. A measurement on another one says so.</summary>
    internal const int MostWays = 16;

    private Finding? _hessian;
    private Finding? _tangent;
    private Finding? _forwardMode;

    /// <summary>What is wrong with H v by double backward; null where nothing is, or nothing can be told.</summary>
    internal string? HessianFault(Objective objective, Point point) =>
        Remembered(
            ref _hessian,
            () => HessianChecks.Asymmetry(objective, point) ?? HessianChecks.Distance(objective, point)
        );

    /// <summary>What is wrong with J v by the gradient's graph; null as above.</summary>
    internal string? TangentFault(Objective objective, Point point) =>
        Remembered(ref _tangent, () => TangentChecks.OfGraph(objective, point));

    /// <summary>What is wrong with J v by forward mode, or why it is not to be had.</summary>
    internal string? ForwardModeFault(Objective objective, Point point) =>
        Remembered(ref _forwardMode, () => TangentChecks.OfForwardMode(objective, point));

    // Two threads may look at once, and find the same.
    private static string? Remembered(ref Finding? finding, Func<string?> find)
    {
        var found = finding ?? new Finding(find());
        finding = found;
        return found.Fault;
    }

    private sealed record Finding(string? Fault);
}
