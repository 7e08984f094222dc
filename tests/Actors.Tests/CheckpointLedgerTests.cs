using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Runs;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The books balance after every entry, whatever happens in whatever order.</summary>
public sealed class CheckpointLedgerTests
{
    [Fact]
    public void Emitted_is_always_measured_and_failed_and_dropped_and_pending()
    {
        var analyses = Gen.Choose(0, 3);
        var fates = Gen.Choose(0, 3).ArrayOf(60);
        var checkpoints = analyses.ArrayOf(20);
        Prop.ForAll(Arb.From(checkpoints), Arb.From(fates), (due, order) =>
            {
                var ledger = new CheckpointLedger();
                var open = new List<long>();
                var dropped = 0;
                for (var step = 0; step < due.Length; step++)
                {
                    dropped += ledger.Emit(step, due[step]) is null ? 0 : 1;
                    open.AddRange(Enumerable.Repeat((long)step, due[step]));
                    Check(ledger, step + 1, open, dropped);
                }

                for (var i = 0; open.Count > 0; i++)
                {
                    var fate = order.Length == 0 ? 0 : order[i % order.Length];
                    var index = (i * 7) % open.Count;
                    var step = open[index];
                    open.RemoveAt(index);
                    var reason = fate switch
                    {
                        0 => ledger.AnalysisMeasured(step),
                        1 => ledger.AnalysisFailed(step),
                        2 => ledger.AnalysisDropped(step, DropReason.Superseded),
                        _ => ledger.AnalysisDropped(step, DropReason.Rejected),
                    };
                    dropped += reason is null ? 0 : 1;
                    Check(ledger, due.Length, open, dropped);
                }
            })
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("fmd", 1, 0, 0)]
    [InlineData("dfd", 0, 1, 0)]
    [InlineData("ddd", 0, 0, 1)]
    public void One_measurement_outweighs_a_failure_and_a_failure_outweighs_a_drop(
        string fates,
        long measured,
        long failed,
        long dropped
    )
    {
        var ledger = new CheckpointLedger();
        ledger.Emit(5, fates.Length);
        foreach (var fate in fates)
        {
            Assert.Equal(1, ledger.Pending);
            _ = fate switch
            {
                'm' => ledger.AnalysisMeasured(5),
                'f' => ledger.AnalysisFailed(5),
                _ => ledger.AnalysisDropped(5, DropReason.Superseded),
            };
        }

        var superseded = ledger.Dropped.GetValueOrDefault(DropReason.Superseded);
        Assert.Equal((0L, measured, failed, dropped), (ledger.Pending, ledger.Measured, ledger.Failed, superseded));
    }

    private static void Check(CheckpointLedger ledger, long emitted, List<long> open, long dropped)
    {
        Assert.Equal(emitted, ledger.Emitted);
        Assert.Equal(open.Distinct().Count(), ledger.Pending);
        Assert.Equal(dropped, ledger.Dropped.Values.Sum());
        Assert.Equal(ledger.Emitted, ledger.Measured + ledger.Failed + ledger.Dropped.Values.Sum() + ledger.Pending);
    }
}
