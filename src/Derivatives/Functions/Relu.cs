using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>max(x, 0).</summary>
internal static class Relu
{
    private static readonly CompiledFunction Slope = new(
        """
        def f(g: Tensor, y: Tensor) -> Tensor:
            return torch.threshold_backward(g, y, 0)
        """
    );

    /// <summary>max(x, 0), as <c>aten::relu</c>.</summary>
    internal static Tensor Apply(Tensor input) =>
        PiecewiseLinear.Apply(input, static x => x.relu(), Slope, byOutput: true);
}
