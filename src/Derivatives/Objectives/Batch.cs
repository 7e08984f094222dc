using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Samples of one forward pass.</summary>
/// <param name="Inputs">x, one tensor [b, …] for each argument of the model.</param>
/// <param name="Targets">Their targets.</param>
internal readonly record struct Batch(IReadOnlyList<Tensor> Inputs, Tensor Targets)
{
    /// <summary>b.</summary>
    internal long Count => Targets.shape[0];
}
