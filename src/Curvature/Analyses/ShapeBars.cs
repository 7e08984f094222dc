using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Standard errors of a density's shape that cover what casts of the program round.</summary>
internal static class ShapeBars
{
    internal static SpectrumShape Widen(SpectrumShape kept, SpectrumShape exact) =>
        kept with
        {
            NegativeEigenvaluesStderr = Error(
                kept.NegativeEigenvalues,
                kept.NegativeEigenvaluesStderr,
                exact.NegativeEigenvalues,
                exact.NegativeEigenvaluesStderr
            ),
            NegativeMassStderr = Error(
                kept.NegativeMass,
                kept.NegativeMassStderr,
                exact.NegativeMass,
                exact.NegativeMassStderr
            ),
        };

    private static double? Error(double? value, double? error, double? other, double? otherError) =>
        error is null ? null : Math.Abs((value - other) ?? 0) + Math.Max(error.Value, otherError ?? 0);
}
