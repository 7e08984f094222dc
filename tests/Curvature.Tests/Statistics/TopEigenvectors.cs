using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>The ten leading eigenvectors of a reference case.</summary>
internal static class TopEigenvectors
{
    public static ExtremalResult TopTen(ReferenceCase reference) =>
        ExtremalEigenpairs.Find(
            new HessianOperator(reference.Linearization),
            new ExtremalOptions
            {
                Top = 10,
                Bottom = 0,
                Tolerance = 1e-3,
            }
        );
}
