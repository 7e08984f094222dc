using CurvatureMonitor.Derivatives.Objectives;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// What is wrong with the derivatives that libtorch gives for an objective's model: some are wrong without a word. Each
/// kind is looked at once an objective, on few samples, before the first product that needs it; what memory did not
/// suffice for is looked at again.
/// </summary>
/// <param name="objective">The objective.</param>
internal sealed class DerivativeChecks(Objective objective)
{
    private Finding? _hessian;
    private Finding? _tangent;
    private Finding? _forwardMode;

    /// <summary>What is wrong with H v by double backward; null where nothing is, or nothing can be told.</summary>
    internal string? HessianFault(Point point) =>
        Remembered(
            ref _hessian,
            () => HessianChecks.Asymmetry(objective, point) ?? HessianChecks.Distance(objective, point)
        );

    /// <summary>What is wrong with J v by the gradient's graph; null as above.</summary>
    internal string? TangentFault(Point point) =>
        Remembered(ref _tangent, () => TangentChecks.OfGraph(objective, point));

    /// <summary>What is wrong with J v by forward mode, or why it is not to be had.</summary>
    internal string? ForwardModeFault(Point point) =>
        Remembered(ref _forwardMode, () => TangentChecks.OfForwardMode(objective, point));

    private static string? Remembered(ref Finding? finding, Func<string?> find)
    {
        finding ??= new Finding(find());
        return finding.Fault;
    }

    private sealed record Finding(string? Fault);
}
