using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Training.Models;

/// <summary>A parameter or buffer of a model with the way it starts.</summary>
/// <param name="Spec">Name and shape.</param>
/// <param name="Initializer">How its entries start.</param>
public sealed record InitializedTensor(TensorSpec Spec, TensorInitializer Initializer);
