using System.Text;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>Measurements arrive to the last bit.</summary>
public sealed class WireMeasurementTests
{
    [Fact]
    public void Measurements_arrive_to_the_last_bit()
    {
        var cases =
            from nodes in AnyNumbers.Finite.Select(x => x / 4).NonEmptyListOf()
            from weights in AnyNumbers.Weight.ListOf(nodes.Count)
            from value in AnyNumbers.AnyBits
            from error in AnyNumbers.AnyBits
            from seconds in AnyNumbers.Finite
            select (nodes, weights, value, error, seconds);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), drawn =>
            {
                var density = SpectralDensity.Create([.. drawn.nodes], [.. drawn.weights], 15);
                var estimate = new Estimate(drawn.value, drawn.error);
                var cost = new MeasurementCost(5, drawn.seconds, 1000);
                var provenance = new Provenance(
                    OperatorKind.Hessian,
                    5,
                    1,
                    3,
                    false,
                    15,
                    30,
                    30,
                    BatchNormMode.Train,
                    ElementType.Float32,
                    Device.Elsewhere("cuda:3"),
                    1
                );
                var report = new AnalysisReport(
                    [
                        new SpectrumMeasurement(density, [estimate], estimate, estimate, true, provenance, cost),
                        new SharpnessMeasurement([estimate], [estimate], false, provenance, cost),
                    ],
                    estimate,
                    cost
                )
                {
                    Outlook = new MiniBatchOutlook(
                        [new BatchPrediction(OperatorKind.Hessian, 32, estimate)],
                        drawn.value,
                        null
                    ),
                };
                var measured = new Measured(new JobId("r", 3, AnalysisKind.Spectrum), report, cost, 2);
                byte[] wire = WireJson.Write(ResultMessage.Of("w", measured));
                var back = WireJson.Read<ResultMessage>(wire);
                Assert.Equal(Text(wire), Text(WireJson.Write(back)));
                var again = Assert.IsType<Measured>(back.ToAnswer());
                Assert.Equal((measured.Id, measured.Attempt, measured.Cost), (again.Id, again.Attempt, again.Cost));
                var spectrum = Assert.IsType<SpectrumMeasurement>(again.Report.Measurements[0]);
                Assert.Equal(
                    density.Nodes.Select(BitConverter.DoubleToInt64Bits),
                    spectrum.Density.Nodes.Select(BitConverter.DoubleToInt64Bits)
                );
                Assert.Equal(
                    density.Weights.Select(BitConverter.DoubleToInt64Bits),
                    spectrum.Density.Weights.Select(BitConverter.DoubleToInt64Bits)
                );
                Assert.Equal(provenance, spectrum.Provenance);
                Assert.Equal(estimate, Assert.IsType<SharpnessMeasurement>(again.Report.Measurements[1]).Top[0]);
                Assert.Equal(report.Cost, again.Report.Cost);
            }));
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
