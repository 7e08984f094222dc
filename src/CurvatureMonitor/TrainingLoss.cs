using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor;

/// <summary>The loss that a training minimises, with mean reduction.</summary>
public static class TrainingLoss
{
    /// <summary>PyTorch's cross-entropy of class labels.</summary>
    public static LossFunction CrossEntropy { get; } = Loss.CrossEntropy;

    /// <summary>PyTorch's mean squared error of outputs [N, K].</summary>
    public static LossFunction MeanSquaredError { get; } = Loss.MeanSquaredError;

    /// <inheritdoc cref="LossFunction.Mean"/>
    public static LossFunction Of(Func<Tensor, Tensor, Tensor> mean, bool classifies = false) =>
        LossFunction.Mean(mean, classifies);
}
