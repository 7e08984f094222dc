using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Made-up results.</summary>
internal static class Reports
{
    public static AnalysisReport Sharpness(double value, double error = 0.1) =>
        new([
            new SharpnessMeasurement(
                [new Estimate(value, error)],
                [new Estimate(-1, error)],
                Converged: true,
                new Provenance(
                    OperatorKind.Hessian,
                    5,
                    1,
                    0,
                    false,
                    15,
                    30,
                    30,
                    BatchNormMode.Train,
                    ElementType.Float32,
                    Device.Cpu,
                    1
                ),
                new MeasurementCost(5, 0, 1000)
            ),
        ]);
}
