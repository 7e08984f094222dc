namespace CurvatureMonitor.Reports.Runs;

/// <summary>The training at one step. A loss that is not finite is absent.</summary>
internal sealed record TrainingPoint
{
    /// <summary>The run's name; absent inside a run's own history.</summary>
    public string? Run { get; init; }

    /// <summary>Training step.</summary>
    public required long Step { get; init; }

    /// <summary>When the step was done.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Training loss.</summary>
    public double? Loss { get; init; }

    /// <summary>A loss that no number of JSON is: <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
    public string? LossText { get; init; }

    /// <summary>The optimiser, where the step tells it.</summary>
    public string? Optimizer { get; init; }

    /// <summary>The branch of the run; absent for the first.</summary>
    public int? Branch { get; init; }

    /// <summary>The first step of <see cref="Branch"/>.</summary>
    public long? BranchStep { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Accuracy, between 0 and 1, where it was evaluated at this step.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Samples of the step's batch.</summary>
    public long? BatchSize { get; init; }
}
