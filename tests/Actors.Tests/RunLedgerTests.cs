using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>
/// The books balance after every entry, whatever happens in whatever order, and a ledger that is recovered from the
/// events is the one that made them.
/// </summary>
public sealed class RunLedgerTests
{
    private const string Run = "r";

    private static readonly AnalysisKind[] Kinds =
    [
        AnalysisKind.Spectrum,
        AnalysisKind.Sharpness,
        AnalysisKind.Gradient,
    ];

    [Fact]
    public void Emitted_is_always_measured_and_failed_and_dropped_and_pending()
    {
        var checkpoints = Gen.Choose(0, Kinds.Length).ArrayOf(20);
        var fates = Gen.Choose(0, 4).ArrayOf(60);
        Prop.ForAll(Arb.From(checkpoints), Arb.From(fates), (due, order) =>
            {
                var ledger = new RunLedger(Run);
                var journal = new List<MonitorEvent>();
                var open = new List<JobId>();
                for (var step = 0; step < due.Length; step++)
                {
                    journal.AddRange(ledger.Take(step, default, final: false, Kinds[..due[step]]));
                    open.AddRange(Kinds[..due[step]].Select(kind => new JobId(Run, step, kind)));
                    Check(ledger, journal, step + 1, open);
                }

                for (var i = 0; open.Count > 0; i++)
                {
                    var fate = order.Length == 0 ? 0 : order[i % order.Length];
                    var job = open[(i * 7) % open.Count];
                    open.Remove(job);
                    journal.AddRange(ledger.Record(Fate(job, fate)));
                    Check(ledger, journal, due.Length, open);
                }
            })
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("fmd", 1, 0, 0)]
    [InlineData("dfd", 0, 1, 0)]
    [InlineData("ddd", 0, 0, 1)]
    [InlineData("cmd", 1, 0, 0)]
    public void One_measurement_outweighs_a_failure_and_a_failure_outweighs_a_drop(
        string fates,
        long measured,
        long failed,
        long dropped
    )
    {
        var ledger = new RunLedger(Run);
        ledger.Take(5, default, final: false, Kinds);
        foreach (var (kind, fate) in Kinds.Zip(fates))
        {
            Assert.Equal(1, ledger.Pending);
            ledger.Record(Fate(new JobId(Run, 5, kind), "mfdpc".IndexOf(fate)));
        }

        var counts = ledger.Checkpoints;
        var superseded = counts.Dropped.GetValueOrDefault(DropReason.Superseded);
        Assert.Equal((0, measured, failed, dropped), (ledger.Pending, counts.Measured, counts.Failed, superseded));
    }

    [Fact]
    public void A_checkpoint_of_which_every_analysis_was_cancelled_is_rejected_and_its_loss_follows()
    {
        var ledger = new RunLedger(Run);
        ledger.Take(5, default, final: false, [AnalysisKind.Spectrum]);
        var events = ledger.Record(Fate(new JobId(Run, 5, AnalysisKind.Spectrum), 4));
        Assert.Equal(new CheckpointDropped(Run, default, 5, DropReason.Rejected), events[1]);
        Assert.Equal((0, 1), (ledger.Checkpoints.Failed, ledger.Checkpoints.Dropped[DropReason.Rejected]));
    }

    [Fact]
    public void A_checkpoint_whose_loss_was_not_written_any_more_is_lost_after_the_restart()
    {
        var ledger = new RunLedger(Run);
        ledger.Recover([
            new CheckpointTaken(Run, default, 5, false) { Analyses = [AnalysisKind.Spectrum] },
            new AnalysisDropped(Run, default, 5, AnalysisKind.Spectrum, DropReason.Superseded),
        ]);
        Assert.Equal([5], ledger.LeftOpen);
        var lost = ledger.DropLost(DateTimeOffset.UnixEpoch);
        Assert.Equal([new CheckpointDropped(Run, DateTimeOffset.UnixEpoch, 5, DropReason.Superseded)], lost);
        Assert.Equal((0, 0), (ledger.Pending, ledger.LeftOpen.Count));
    }

    private static MonitorEvent Fate(JobId job, int fate) =>
        fate switch
        {
            0 => new CheckpointMeasured(
                Run,
                default,
                job.Step,
                job.Analysis,
                [],
                [],
                null,
                MeasurementCost.None,
                0,
                null
            ),
            1 => Failed(job, JobFailureReason.NonFinite),
            2 => new AnalysisDropped(Run, default, job.Step, job.Analysis, DropReason.Superseded),
            3 => new AnalysisDropped(Run, default, job.Step, job.Analysis, DropReason.Rejected),
            _ => Failed(job, JobFailureReason.Cancelled),
        };

    private static AnalysisFailed Failed(JobId job, JobFailureReason reason) =>
        new(Run, default, job.Step, job.Analysis, reason, "no", 0, 1, null);

    private static void Check(RunLedger ledger, List<MonitorEvent> journal, long emitted, List<JobId> open)
    {
        var counts = ledger.Checkpoints;
        Assert.Equal(emitted, counts.Emitted);
        Assert.Equal(open.Select(job => job.Step).Distinct().Count(), ledger.Pending);
        Assert.Equal(emitted, counts.Measured + counts.Failed + counts.Dropped.Values.Sum() + ledger.Pending);
        Assert.Equal(journal.OfType<CheckpointDropped>().Count(), counts.Dropped.Values.Sum());

        var recovered = new RunLedger(Run);
        recovered.Recover(journal);
        Assert.Equal(ledger.Pending, recovered.Pending);
        Assert.Equal((counts.Measured, counts.Failed), (recovered.Checkpoints.Measured, recovered.Checkpoints.Failed));
        Assert.Equal(counts.Dropped, recovered.Checkpoints.Dropped);
        Assert.All(
            ledger.Taken,
            step => Assert.Equal(ledger.OpenAnalyses(step).Order(), recovered.OpenAnalyses(step).Order())
        );
    }
}
