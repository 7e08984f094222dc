using System.Text;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Transfer;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>What crosses the network arrives as it was, to the last bit.</summary>
public sealed class WireTests
{
    private static readonly Gen<double> AnyBits = Gen.Choose(int.MinValue, int.MaxValue)
        .Two()
        .Select(pair => BitConverter.Int64BitsToDouble(((long)pair.Item1 << 32) | (uint)pair.Item2));

    private static readonly Gen<double> Finite = AnyBits.Where(double.IsFinite);

    private static readonly Gen<double> Weight = Gen.Choose(1, int.MaxValue).Select(n => n / 3.0e9);

    [Fact]
    public void Measurements_arrive_to_the_last_bit()
    {
        var cases =
            from nodes in Finite.Select(x => x / 4).NonEmptyListOf()
            from weights in Weight.ListOf(nodes.Count)
            from value in AnyBits
            from error in AnyBits
            from seconds in Finite
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

    [Fact]
    public void Jobs_arrive_as_they_were()
    {
        var names = Gen.Elements("a", "/", ".", "*", "#", "é", "𝛌", "%2F", " ", "\n")
            .NonEmptyListOf()
            .Select(parts => string.Concat(parts));
        var cases =
            from run in names
            from step in Gen.Choose(0, int.MaxValue)
            from kind in Gen.Elements(Enum.GetValues<AnalysisKind>())
            from tolerance in Finite
            from seed in Gen.Choose(int.MinValue, int.MaxValue).Select(seed => (long)seed << 20)
            from forgotten in names.ListOf()
            from source in Gen.Elements(new Uri("https://host:1/api/blobs/"), new Uri("/mnt/a shared/földer%2F/"))
            select (run, step, kind, tolerance, seed, forgotten, source);
        Check.QuickThrowOnFailure(Prop.ForAll(cases.ToArbitrary(), drawn =>
            {
                var settings = new AnalysisSettings
                {
                    Tolerance = drawn.tolerance,
                    Seed = drawn.seed,
                    ColdStart = true,
                    Operators = [OperatorKind.Residual],
                };
                var claims = new JobClaims(drawn.source, [new BlobClaim("run.json", new string('a', 64), 7)], []);
                var job = new JobMessage(
                    WireJson.Version,
                    "i",
                    new JobId(drawn.run, drawn.step, drawn.kind),
                    2,
                    settings,
                    ElementType.Float64,
                    claims,
                    [.. drawn.forgotten]
                );
                byte[] wire = WireJson.Write(job);
                var back = WireJson.Read<JobMessage>(wire);
                Assert.Equal(Text(wire), Text(WireJson.Write(back)));
                Assert.Equal(
                    (job.Id, job.Attempt, job.ElementType, job.Claims.Source),
                    (back.Id, back.Attempt, back.ElementType, back.Claims.Source)
                );
                Assert.Equal(settings with { Operators = [] }, back.Settings with { Operators = [] });
                Assert.Equal(settings.Operators, back.Settings.Operators);
                Assert.Equal(job.Forgotten, back.Forgotten);
                Assert.Equal(drawn.source.LocalPath, back.Claims.Source.LocalPath);
                Assert.Equal(drawn.source.Scheme, back.Claims.Source.Scheme);
                Assert.Equal(job.Claims.Run, back.Claims.Run);
            }));
    }

    [Fact]
    public void Failures_and_drops_arrive_with_their_reasons()
    {
        var id = new JobId("r", 3, AnalysisKind.BatchSharpness);
        foreach (var reason in Enum.GetValues<JobFailureReason>())
        {
            var failed = new JobFailed(id, reason, "no \"luck\"", 0.1 + 0.2, 2);
            Assert.Equal(
                failed,
                WireJson.Read<ResultMessage>(WireJson.Write(ResultMessage.Of("w", failed))).ToAnswer()
            );
        }

        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var dropped = new JobDropped(id, reason);
            Assert.Equal(
                dropped,
                WireJson.Read<ResultMessage>(WireJson.Write(ResultMessage.Of("w", dropped))).ToAnswer()
            );
        }
    }

    [Theory]
    [InlineData("1.13.1", "1.13", true)]
    [InlineData("2.1.0+cu121", "2.1", true)]
    [InlineData("1.13.1", "2.0", false)]
    [InlineData("a night's build", "2.0", true)]
    [InlineData("1.13.1", null, true)]
    public void A_worker_meets_a_version_where_its_own_is_as_late(string torch, string? least, bool meets)
    {
        var status = new WorkerStatus(WireJson.Version, "w", WorkerState.Idle, "cpu", 1000, torch, "h", 1, 0);
        Assert.Equal(meets, status.Meets(new JobNeeds(1000, least is null ? null : Version.Parse(least))));
        Assert.False(status.Meets(new JobNeeds(1001, null)));
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
