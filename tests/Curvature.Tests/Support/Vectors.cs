using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Support;

internal static class Vectors
{
    internal static Vector Random(long length, long seed, ElementType type = ElementType.Float64)
    {
        var vector = Vector.Zeros(length, type, Device.Cpu);
        IsotropicStart.Fill(vector, seed);
        return vector;
    }

    internal static Vector StartFor(ISymmetricOperator symmetric, long seed) =>
        Random(symmetric.Dimension, seed, symmetric.ElementType);

    /// <summary>vᵀA^k v for k = 0 … highest, by repeated products.</summary>
    internal static double[] Moments(ISymmetricOperator symmetric, Vector v, int highest)
    {
        var moments = new double[highest + 1];
        using var power = v.Clone();
        using var next = v.ZerosLike();
        for (var k = 0; k <= highest; k++)
        {
            moments[k] = v.Dot(power);
            symmetric.Apply(power, next);
            power.CopyFrom(next);
        }

        return moments;
    }
}
