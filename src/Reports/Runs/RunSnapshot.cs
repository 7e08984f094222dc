using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// A run at one glance: its description and the newest value of each number. What is unknown is null and absent from
/// the JSON.
/// </summary>
internal sealed record RunSnapshot
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The data set's name.</summary>
    public string? Dataset { get; init; }

    /// <summary>The optimiser's name.</summary>
    public string? Optimizer { get; init; }

    /// <summary>P.</summary>
    public long? Parameters { get; init; }

    /// <summary>The loss that is measured, with its options.</summary>
    public string? Objective { get; init; }

    /// <summary>What batch norm normalises with.</summary>
    public string? BatchNorm { get; init; }

    /// <summary>Which parameters are measured: all, or how many tensors and the first of them.</summary>
    public string? Trained { get; init; }

    /// <summary>What is done with the program's casts to types of less precision; null where it has none.</summary>
    public string? Autocast { get; init; }

    /// <summary>What the run is doing.</summary>
    public RunState State { get; init; }

    /// <summary>When the run started.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>Newest training step.</summary>
    public long? Step { get; init; }

    /// <summary>Training loss at <see cref="Step"/>.</summary>
    public double? Loss { get; init; }

    /// <summary>Newest known accuracy, between 0 and 1.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Learning rate at <see cref="Step"/>.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Newest known batch size.</summary>
    public long? BatchSize { get; init; }

    /// <summary>Sharpness: largest Hessian eigenvalue of the newest measured checkpoint.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Stability limit of the optimiser at the newest measured checkpoint.</summary>
    public double? StabilityLimit { get; init; }

    /// <summary>Sharpness divided by the stability limit; 1 is the edge of stability.</summary>
    public double? StabilityRatio { get; init; }

    /// <summary>The step since which loss or parameters are not finite; absent where they are.</summary>
    public long? DivergedSince { get; init; }

    /// <summary>What is not finite, in words.</summary>
    public string? Divergence { get; init; }

    /// <summary>The branch of the run; absent for the first.</summary>
    public int? Branch { get; init; }

    /// <summary>The first step of <see cref="Branch"/>.</summary>
    public long? BranchStep { get; init; }

    /// <summary>Checkpoints that were replaced by newer ones before they were measured.</summary>
    public long? Dropped { get; init; }
}
