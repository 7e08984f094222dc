using System.Text;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Transfer;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>Jobs arrive as they were.</summary>
public sealed class WireJobTests
{
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
            from tolerance in AnyNumbers.Finite
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

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
