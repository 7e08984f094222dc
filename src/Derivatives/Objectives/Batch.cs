using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Samples of one forward pass.</summary>
/// <param name="Inputs">x [b, …].</param>
/// <param name="Targets">Their targets.</param>
internal readonly record struct Batch(Tensor Inputs, Tensor Targets)
{
    /// <summary>b.</summary>
    internal long Count => Inputs.shape[0];
}
