using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Operators;

/// <summary>R v = H v − G v: two curvature products and one scratch vector an application.</summary>
/// <param name="linearization">The objective at one θ; not disposed here.</param>
public sealed class ResidualOperator(Linearization linearization)
    : LinearizationOperator(OperatorKind.Residual, linearization),
        IDisposable
{
    private readonly Vector _gaussNewton = Vector.Zeros(
        linearization.ParameterCount,
        linearization.ElementType,
        linearization.Device
    );
    private double _cancellationScale;

    /// <inheritdoc/>
    public override double CancellationScale => _cancellationScale;

    /// <inheritdoc/>
    public override void Apply(Vector v, Vector result)
    {
        Linearization.HessianProduct(v, result);
        Products++;
        Linearization.GaussNewtonProduct(v, _gaussNewton);
        Products++;
        var scale = _gaussNewton.Norm() / v.Norm();
        if (scale > _cancellationScale)
        {
            _cancellationScale = scale;
        }

        result.Add(_gaussNewton, -1);
    }

    /// <summary>Frees the scratch vector.</summary>
    public void Dispose() => _gaussNewton.Dispose();
}
