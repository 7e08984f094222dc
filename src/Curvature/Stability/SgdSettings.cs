namespace CurvatureMonitor.Curvature.Stability;

/// <summary>
/// Stochastic gradient descent, PyTorch's form: b ← βb + (1 − τ)g, θ ← θ − ηb (or η(g + βb) with Nesterov).
/// </summary>
/// <param name="LearningRate">η.</param>
/// <param name="Momentum">β in [0, 1); 0 is plain descent.</param>
/// <param name="Nesterov">Nesterov's form; needs a momentum.</param>
/// <param name="BatchSize">B; null where unknown.</param>
/// <param name="TrainingSamples">Samples that batches are drawn from; null where unknown.</param>
public sealed record SgdSettings(
    double LearningRate,
    double Momentum = 0,
    bool Nesterov = false,
    long? BatchSize = null,
    long? TrainingSamples = null
) : OptimizerSettings(LearningRate)
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <summary>β in [0, 1); 0 is plain descent.</summary>
    public double Momentum { get; init; } = Decay(Momentum, nameof(Momentum));

    /// <summary>The dampening τ below 1, which a step without momentum does not have.</summary>
    public double Dampening { get; init; }

    /// <summary>Whether a step sees less than all the training samples; false where that is unknown.</summary>
    public bool IsStochastic => BatchSize < TrainingSamples;
}
