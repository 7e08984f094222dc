using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>Every operator of every reference case, in both element types.</summary>
internal static class EveryReferenceCase
{
    public static TheoryData<string, ElementType, OperatorKind> EveryOperator()
    {
        var data = new TheoryData<string, ElementType, OperatorKind>();
        foreach (var name in ReferenceCase.Names)
        {
            foreach (var kind in OperatorNames.All)
            {
                data.Add(name, ElementType.Float64, kind);
                data.Add(name, ElementType.Float32, kind);
            }
        }

        return data;
    }
}
