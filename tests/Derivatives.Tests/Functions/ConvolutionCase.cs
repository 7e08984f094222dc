using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>A convolution, ours and TorchSharp's.</summary>
/// <param name="Name">It shows in the list of tests.</param>
/// <param name="Input">The shape of x.</param>
/// <param name="Weight">The shape of w.</param>
/// <param name="Stride">One number a dimension, or one for all; so the others.</param>
/// <param name="Padding">Zeros on both sides.</param>
/// <param name="Dilation">The distance of weights.</param>
public sealed record ConvolutionCase(
    string Name,
    long[] Input,
    long[] Weight,
    long[] Stride,
    long[] Padding,
    long[] Dilation
)
{
    internal bool Transposed { get; init; }

    internal long[] OutputPadding { get; init; } = [0];

    internal long Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>x, w and b or null, of which x may be without a gradient.</summary>
    internal Tensor[] Inputs(ScalarType type, bool imageGradient, bool bias)
    {
        long channels = Transposed ? Weight[1] * Groups : Weight[0];
        Tensor x = Values.Of(Input, 1, type).requires_grad_(imageGradient),
            w = Values.Of(Weight, 2, type).requires_grad_();
        return bias ? [x, w, Values.Of([channels], 3, type).requires_grad_()] : [x, w];
    }

    internal Tensor Own(Tensor[] t) =>
        Convolution.Apply(
            t[0],
            t[1],
            t.ElementAtOrDefault(2),
            Stride,
            Padding,
            Dilation,
            Transposed,
            OutputPadding,
            Groups
        );

    internal Tensor Reference(Tensor[] t)
    {
        var (x, w, b) = (t[0], t[1], t.ElementAtOrDefault(2));
        int dimensions = (int)w.dim() - 2;
        long[] All(long[] values) => values.Length == 1 ? [.. Enumerable.Repeat(values[0], dimensions)] : values;
        var (s, p, d, o) = (All(Stride), All(Padding), All(Dilation), All(OutputPadding));
        return (dimensions, Transposed) switch
        {
            (1, false) => nn.functional.conv1d(x, w, b, s[0], p[0], d[0], Groups),
            (2, false) => nn.functional.conv2d(x, w, b, s, p, d, Groups),
            (3, false) => nn.functional.conv3d(x, w, b, s, p, d, Groups),
            (1, true) => nn.functional.conv_transpose1d(x, w, b, s[0], p[0], o[0], d[0], Groups),
            (2, true) => nn.functional.conv_transpose2d(x, w, b, s, p, o, d, Groups),
            _ => nn.functional.conv_transpose3d(x, w, b, s, p, o, d, Groups),
        };
    }
}
