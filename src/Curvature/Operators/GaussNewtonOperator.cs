using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>G v = (1/N) Σ J_iᵀ (∂²ℓ/∂z²) J_i v.</summary>
/// <param name="linearization">The objective at one θ; not disposed here.</param>
public sealed class GaussNewtonOperator(Linearization linearization)
    : LinearizationOperator(OperatorKind.GaussNewton, linearization)
{
    /// <inheritdoc/>
    public override void Apply(Vector v, Vector result)
    {
        Linearization.GaussNewtonProduct(v, result);
        Products++;
    }
}
