namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// What a run tells of its training; each number is null where it did not tell. Learning rates that change travel with
/// the checkpoints, and go before <see cref="LearningRate"/>.
/// </summary>
public sealed record TrainingDescription
{
    /// <summary>The data set's name.</summary>
    public string? Dataset { get; init; }

    /// <summary>The number of training samples.</summary>
    public long? Samples { get; init; }

    /// <summary>The batch size B.</summary>
    public long? BatchSize { get; init; }

    /// <summary>The optimiser's name in lower case, e.g. <c>sgd</c>, <c>adam</c>.</summary>
    public string? Optimizer { get; init; }

    /// <summary>The (initial) learning rate η.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The momentum β of SGD.</summary>
    public double? Momentum { get; init; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool? Nesterov { get; init; }

    /// <summary>Adam's β1.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Adam's β2.</summary>
    public double? Beta2 { get; init; }

    /// <summary>Adam's ε.</summary>
    public double? Epsilon { get; init; }

    /// <summary>The weight decay, which is no part of the loss.</summary>
    public double? WeightDecay { get; init; }
}
