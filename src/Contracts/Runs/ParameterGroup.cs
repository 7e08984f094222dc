namespace CurvatureMonitor.Contracts.Runs;

/// <summary>
/// Parameters that an optimiser steps alike, and the numbers it does so with. What is not told, or has no meaning for
/// the optimiser, is null.
/// </summary>
public sealed record ParameterGroup
{
    /// <summary>The names of the parameters, as the model has them; null where they are not told.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>η.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The momentum of SGD and RMSprop.</summary>
    public double? Momentum { get; init; }

    /// <summary>Nesterov's form of the momentum.</summary>
    public bool? Nesterov { get; init; }

    /// <summary>The dampening of SGD's momentum.</summary>
    public double? Dampening { get; init; }

    /// <summary>β₁ of Adam and its kin.</summary>
    public double? Beta1 { get; init; }

    /// <summary>β₂ of Adam and its kin.</summary>
    public double? Beta2 { get; init; }

    /// <summary>ε.</summary>
    public double? Epsilon { get; init; }

    /// <summary>The weight decay, which is no part of the loss.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>ψ of NAdam, by which its momentum grows.</summary>
    public double? MomentumDecay { get; init; }

    /// <summary>The decay of Adagrad's learning rate.</summary>
    public double? RateDecay { get; init; }

    /// <summary>Whether the optimiser ascends.</summary>
    public bool? Maximize { get; init; }
}
