using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>The values that a file has of a model's tensors.</summary>
/// <param name="Parameters">Of its parameters.</param>
/// <param name="Buffers">Of its floating-point buffers.</param>
/// <param name="Discretes">Of its buffers of whole numbers or truth values.</param>
internal sealed record InitialTensors(
    IReadOnlyList<Tensor> Parameters,
    IReadOnlyList<Tensor> Buffers,
    IReadOnlyList<Tensor> Discretes
);
