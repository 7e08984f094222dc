namespace CurvatureMonitor.Contracts.Models;

/// <summary>PyTorch's losses with mean reduction, and losses that a program brings along.</summary>
public enum Loss
{
    /// <summary>ℓᵢ = −log softmax(z)_y; targets are class labels [N], or shares of classes.</summary>
    CrossEntropy = 0,

    /// <summary>ℓᵢ = (1/K) Σ (z − y)²; targets are numbers [N, K]; ∂²ℓᵢ/∂z² = (2/K) I.</summary>
    MeanSquaredError = 1,

    /// <summary>ℓᵢ = −z_y for outputs that are logarithms of probabilities.</summary>
    NegativeLogLikelihood = 2,

    /// <summary>Binary cross-entropy of logits.</summary>
    BinaryCrossEntropy = 3,

    /// <summary>ℓᵢ = (1/K) Σ |z − y|.</summary>
    AbsoluteError = 4,

    /// <summary>Huber's loss, divided by its threshold.</summary>
    SmoothAbsoluteError = 5,

    /// <summary>Squares below a threshold, and lines above it.</summary>
    Huber = 6,

    /// <summary>The negative log-likelihood of counts.</summary>
    Poisson = 7,

    /// <summary>A TorchScript function of outputs and targets.</summary>
    Script = 8,
}
