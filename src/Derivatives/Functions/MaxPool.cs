using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>The largest value of each window.</summary>
internal sealed class MaxPool : Node
{
    private readonly PoolWindow _window;

    private MaxPool(PoolWindow window)
        : base(new Wanted(1)) => _window = window;

    /// <summary>As <c>aten::max_pool2d</c>.</summary>
    /// <param name="input">x [N, C, H, W] or [C, H, W].</param>
    /// <param name="kernel">One number a dimension, or one for both; so the others.</param>
    /// <param name="stride">Empty stands for the kernel.</param>
    /// <param name="padding">−∞ on both sides.</param>
    /// <param name="dilation">The distance of neighbours in a window.</param>
    /// <param name="ceilMode">Whether a window may reach beyond the end.</param>
    internal static Tensor Apply(
        Tensor input,
        IEnumerable<long> kernel,
        IEnumerable<long> stride,
        IEnumerable<long> padding,
        IEnumerable<long> dilation,
        bool ceilMode
    ) => Apply(input, PoolWindow.Of(kernel, stride, padding, dilation, ceilMode));

    /// <summary>The same for a window that was looked up before.</summary>
    internal static Tensor Apply(Tensor input, PoolWindow window)
    {
        if (input.dim() == 3)
        {
            return Apply(input.unsqueeze(0), window).squeeze(0);
        }

        if (!Wanted.Of(input).Any)
        {
            return window.Forward(input).Output;
        }

        Tensor output,
            indices;
        using (Recording.Pause())
        {
            (output, indices) = window.Forward(input);
        }

        new MaxPool(window).Attach([input], [output], [input, indices]);
        return output;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results) =>
        results[0] = gradients[0] is { } gradient
            ? MaxPoolBackward.Apply(gradient, Saved(0), Saved(1), _window)
            : null;
}
