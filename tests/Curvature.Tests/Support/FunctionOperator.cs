using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>
/// A v for a matrix that changes what it is given: the counting and failing operators of the tests.
/// </summary>
internal sealed class FunctionOperator(
    long dimension,
    Action<Vector, Vector> apply,
    ElementType type = ElementType.Float64
) : ISymmetricOperator
{
    public string Name => "function";

    public long Dimension => dimension;

    public ElementType ElementType => type;

    public Device Device => Device.Cpu;

    public long Products { get; private set; }

    public void Apply(Vector v, Vector result)
    {
        Products++;
        apply(v, result);
    }
}
