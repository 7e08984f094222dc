using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Every named matrix, in both element types.</summary>
internal static class NamedMatrices
{
    public static TheoryData<string, ElementType> EveryMatrix()
    {
        var data = new TheoryData<string, ElementType>();
        foreach (var name in Matrices.Names)
        {
            data.Add(name, ElementType.Float64);
            data.Add(name, ElementType.Float32);
        }

        return data;
    }
}
