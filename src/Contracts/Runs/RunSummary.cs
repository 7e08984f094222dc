namespace CurvatureMonitor.Contracts.Runs;

/// <summary>What a run was, all in all. What is not known is null.</summary>
/// <remarks>
/// Every emitted checkpoint is counted once: <see cref="Emitted"/> = <see cref="Measured"/> + <see cref="Failed"/> + Σ
/// <see cref="Dropped"/>.
/// </remarks>
public sealed record RunSummary
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>How it ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>One line: why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Steps made.</summary>
    public long Steps { get; init; }

    /// <summary>Loss of the last step's batch.</summary>
    public double? FinalLoss { get; init; }

    /// <summary>Accuracy on the test data after the last step that was evaluated.</summary>
    public double? FinalAccuracy { get; init; }

    /// <summary>Checkpoints emitted.</summary>
    public long Emitted { get; init; }

    /// <summary>Checkpoints of which at least one analysis was finished.</summary>
    public long Measured { get; init; }

    /// <summary>Checkpoints of which no analysis was finished and one failed.</summary>
    public long Failed { get; init; }

    /// <summary>
    /// Checkpoints that were neither measured nor failed, by reason; reasons that did not occur are absent.
    /// </summary>
    public IReadOnlyDictionary<DropReason, long> Dropped { get; init; } = new Dictionary<DropReason, long>();

    /// <summary>Measurements made: one an operator and analysis.</summary>
    public long Measurements { get; init; }

    /// <summary>Curvature products of finished measurements.</summary>
    public long CurvatureProducts { get; init; }

    /// <summary>Wall time of the run.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Time that the trainer spent in steps.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>Time that the trainer spent in taking snapshots for checkpoints.</summary>
    public double EmittingSeconds { get; init; }

    /// <summary>Time that curvature actors spent on the run's jobs, failed ones included.</summary>
    public double CurvatureSeconds { get; init; }

    /// <summary>
    /// <see cref="CurvatureSeconds"/> a second of wall time; above 1 where several actors worked at once.
    /// </summary>
    public double? OverheadShare { get; init; }

    /// <summary>The most native memory that one measurement used.</summary>
    public long? PeakBytes { get; init; }
}
