using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The books of a training that breaks, or is taken up again from an earlier step.</summary>
public sealed class RunLedgerCourseTests
{
    private static readonly AnalysisKind[] Kinds = [AnalysisKind.Spectrum, AnalysisKind.Gradient];

    private readonly RunLedger _ledger = new("r");

    [Fact]
    public void A_branch_gives_up_what_is_open_from_its_first_step_on_and_those_steps_may_come_again()
    {
        var journal = new List<MonitorEvent>();
        foreach (long step in new[] { 10L, 20, 30 })
        {
            journal.AddRange(_ledger.Take(step, default, final: false, Kinds));
        }

        journal.AddRange(_ledger.BeginBranch(20, default));
        Assert.Equal([20L, 30], journal.OfType<CheckpointDropped>().Where(e => e.Abandoned).Select(e => e.Step));
        Assert.Equal((20L, 2), (journal.OfType<RunBranched>().Single().Step, _ledger.Branch));
        Assert.Equal([10L], _ledger.Taken);
        Assert.Equal((1, 3L, 2L), (_ledger.Pending, _ledger.Checkpoints.Emitted, Superseded(_ledger)));

        journal.AddRange(_ledger.Take(20, default, final: false, Kinds, "second"));
        Assert.Equal(4, _ledger.Checkpoints.Emitted);

        var recovered = new RunLedger("r");
        recovered.Recover(journal);
        Assert.Equal([10L, 20], recovered.Taken.Order());
        Assert.Equal((2, 4L, 2L), (recovered.Branch, recovered.Checkpoints.Emitted, Superseded(recovered)));
    }

    [Fact]
    public void A_checkpoint_that_was_refused_is_counted_again_when_it_is_tried_again()
    {
        _ledger.Take(1, default, final: false, Kinds);
        foreach (var kind in Kinds)
        {
            _ledger.Drop(new Contracts.Jobs.JobId("r", 1, kind), DropReason.Missing, default);
        }

        Assert.Equal(0, _ledger.Pending);
        Assert.Single(_ledger.Take(1, default, final: false, Kinds, again: true));
        Assert.Equal((1, 2L), (_ledger.Pending, _ledger.Checkpoints.Emitted));
    }

    [Fact]
    public void Divergence_is_said_once_and_so_is_its_end()
    {
        Assert.Empty(_ledger.JudgeLoss(1, 0.5, default));
        var diverged = Assert.IsType<TrainingDiverged>(Assert.Single(_ledger.JudgeLoss(2, double.NaN, default)));
        Assert.Equal((2L, "the loss is NaN"), (diverged.Step, diverged.What));
        Assert.Empty(_ledger.JudgeLoss(3, double.NaN, default));
        Assert.Empty(_ledger.JudgeParameters(3, "w", default));

        // The loss of a batch may be finite while the parameters are not.
        Assert.Empty(_ledger.JudgeLoss(4, 0.25, default));
        Assert.True(_ledger.HasDiverged);
        Assert.IsType<TrainingRecovered>(Assert.Single(_ledger.JudgeParameters(5, null, default)));
        Assert.False(_ledger.HasDiverged);
    }

    [Fact]
    public void A_loss_that_is_not_told_neither_breaks_a_training_nor_mends_it()
    {
        Assert.Empty(_ledger.JudgeLoss(1, null, default));
        Assert.Single(_ledger.JudgeLoss(2, double.PositiveInfinity, default));
        Assert.Empty(_ledger.JudgeLoss(3, null, default));
        Assert.True(_ledger.HasDiverged);
    }

    private static long Superseded(RunLedger ledger) =>
        ledger.Checkpoints.Dropped.GetValueOrDefault(DropReason.Superseded);
}
