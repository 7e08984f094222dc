using System.Collections.Concurrent;
using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>All of a two-dimensional max pool but its tensors; equal ones are one object.</summary>
internal sealed class PoolWindow
{
    private static readonly ConcurrentDictionary<string, PoolWindow> Known = [];

    private readonly CompiledFunction _forward;
    private readonly CompiledFunction _backward;

    private PoolWindow(string text)
    {
        _forward = new(
            $"""
            def f(x: Tensor) -> List[Tensor]:
                y, i = torch.max_pool2d_with_indices(x, {text})
                return [y, i]
            """
        );
        _backward = new(
            $"""
            def f(g: Tensor, x: Tensor, i: Tensor) -> Tensor:
                return torch.max_pool2d_with_indices_backward(g, x, {text}, i)
            """
        );
    }

    /// <summary>The window with these numbers: one a dimension, or one for both; no stride stands for the kernel.
    /// </summary>
    internal static PoolWindow Of(
        IEnumerable<long> kernel,
        IEnumerable<long> stride,
        IEnumerable<long> padding,
        IEnumerable<long> dilation,
        bool ceilMode
    )
    {
        string text = string.Join(
            ", ",
            TensorLists.Text(kernel),
            TensorLists.Text(stride),
            TensorLists.Text(padding),
            TensorLists.Text(dilation),
            TensorLists.Text(ceilMode)
        );
        return Known.GetOrAdd(text, static text => new(text));
    }

    /// <summary>The largest values, and where in each plane they stood.</summary>
    internal (Tensor Output, Tensor Indices) Forward(Tensor x) =>
        _forward.CallMany(x) is [{ } output, { } indices] ? (output, indices) : throw new InvalidOperationException();

    /// <summary>The entries of ∂y put where the largest stood; x gives the shape alone.</summary>
    internal Tensor Backward(Tensor gradient, Tensor x, Tensor indices) => _backward.Call(gradient, x, indices);
}
