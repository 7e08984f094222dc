using CurvatureMonitor.Curvature.Tests.Support;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Operators that scale every coordinate.</summary>
internal static class DiagonalOperators
{
    public static FunctionOperator Diagonal(Vector diagonal) => new(diagonal.Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Multiply(diagonal);
        });
}
