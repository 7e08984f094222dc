using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>H v = ∇²L v, by reverse-over-reverse differentiation.</summary>
/// <param name="linearization">The objective at one θ; not disposed here.</param>
public sealed class HessianOperator(Linearization linearization)
    : LinearizationOperator(OperatorKind.Hessian, linearization)
{
    /// <inheritdoc/>
    public override void Apply(Vector v, Vector result)
    {
        Linearization.HessianProduct(v, result);
        Products++;
    }
}
