using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>A run's books after a restart are those before it.</summary>
public sealed class RunLedgerRecoveryTests
{
    private const string Run = "r";

    private static readonly AnalysisKind[] Both = [AnalysisKind.Spectrum, AnalysisKind.Sharpness];

    private readonly RunLedger _ledger = new(Run);

    [Fact]
    public void Every_checkpoint_is_where_it_was_and_what_was_open_is_open()
    {
        Apply(Taken(1, Both), Measured(1, AnalysisKind.Spectrum), Failed(1, AnalysisKind.Sharpness));
        Apply(
            Taken(2, Both),
            Dropped(2),
            Taken(3),
            Dropped(3, DropReason.Rejected),
            Taken(4, Both),
            Failed(4, AnalysisKind.Spectrum),
            Failed(4, AnalysisKind.Sharpness)
        );
        Apply(Taken(5, Both), Measured(5, AnalysisKind.Spectrum));
        Assert.Equal((5, 1, 1, 1), (Counts.Emitted, Counts.Measured, Counts.Failed, _ledger.Pending));
        Assert.Equal((1, 1), (Counts.Dropped[DropReason.Superseded], Counts.Dropped[DropReason.Rejected]));
        Assert.Equal([1L, 2, 3, 4, 5], _ledger.Taken.Order());
        Assert.Equal([AnalysisKind.Sharpness], _ledger.OpenAnalyses(5));
        Assert.Equal(1, _ledger.Pending);
    }

    [Fact]
    public void What_is_told_twice_counts_once_and_what_belongs_to_nothing_not_at_all()
    {
        Apply(
            Taken(1, Both),
            Taken(1, Both),
            Measured(1, AnalysisKind.Spectrum),
            Measured(1, AnalysisKind.Spectrum),
            Measured(9, AnalysisKind.Spectrum),
            Dropped(8)
        );
        Assert.Equal((1, 0, 1), (Counts.Emitted, Counts.Measured, _ledger.Pending));
        Apply(Measured(1, AnalysisKind.Sharpness), Failed(1, AnalysisKind.Sharpness));
        Assert.Equal((1, 1, 0, 0), (Counts.Emitted, Counts.Measured, Counts.Failed, _ledger.Pending));
    }

    [Fact]
    public void What_a_later_checkpoint_has_overtaken_is_given_up()
    {
        Apply(
            Taken(1, Both),
            Taken(2, Both),
            Measured(2, AnalysisKind.Spectrum),
            Measured(2, AnalysisKind.Sharpness),
            Taken(3, Both)
        );
        Apply(Taken(4, Both), Measured(4, AnalysisKind.Spectrum));
        var dropped = _ledger.DropOvertaken(DateTimeOffset.UnixEpoch);
        Assert.Equal([1L], dropped.OfType<CheckpointDropped>().Select(lost => lost.Step));
        Assert.Equal([AnalysisKind.Sharpness], _ledger.OpenAnalyses(3));
        Assert.Equal([AnalysisKind.Sharpness], _ledger.OpenAnalyses(4));
        Assert.Equal(2, _ledger.Pending);
        Assert.Equal(1, Counts.Dropped[DropReason.Superseded]);
        Assert.Equal(
            Counts.Emitted,
            Counts.Measured + Counts.Failed + Counts.Dropped.Values.Sum() + _ledger.Pending
        );
    }

    private CheckpointCounts Counts => _ledger.Checkpoints;

    private static CheckpointTaken Taken(long step, params AnalysisKind[] kinds) =>
        new(Run, default, step, false) { Analyses = kinds };

    private static CheckpointMeasured Measured(long step, AnalysisKind kind) =>
        new(Run, default, step, kind, [], [], null, MeasurementCost.None, 0, null);

    private static AnalysisFailed Failed(long step, AnalysisKind kind) =>
        new(Run, default, step, kind, JobFailureReason.NonFinite, "no", 0, 1, null);

    private static CheckpointDropped Dropped(long step, DropReason reason = DropReason.Superseded) =>
        new(Run, default, step, reason);

    private void Apply(params MonitorEvent[] events)
    {
        foreach (var monitorEvent in events)
        {
            _ledger.Apply(monitorEvent);
        }
    }
}
