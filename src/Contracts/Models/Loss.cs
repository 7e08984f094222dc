namespace CurvatureMonitor.Contracts.Models;

/// <summary>PyTorch's losses with mean reduction.</summary>
public enum Loss
{
    /// <summary>ℓᵢ = −log softmax(z)_y; targets are class labels [N].</summary>
    CrossEntropy = 0,

    /// <summary>ℓᵢ = (1/K) Σ (z − y)²; targets are numbers [N, K]; ∂²ℓᵢ/∂z² = (2/K) I.</summary>
    MeanSquaredError = 1,
}
