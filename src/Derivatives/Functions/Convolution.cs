using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// y = x ∗ w + b in one, two or three dimensions, of any geometry, whose second derivatives are convolutions: one for
/// each direction, where libtorch's own double backward pads, transposes and copies.
/// </summary>
internal sealed class Convolution : Node
{
    private readonly ConvolutionGeometry _geometry;

    private Convolution(ConvolutionGeometry geometry, Wanted wanted)
        : base(wanted) => _geometry = geometry;

    /// <summary>x ∗ w + b, as <c>aten::convolution</c>; x may lack the batch dimension.</summary>
    /// <param name="input">x [N, C, …] or [C, …].</param>
    /// <param name="weight">w [K, C / groups, …]; transposed [C, K / groups, …].</param>
    /// <param name="bias">b [K], or null.</param>
    /// <param name="stride">One number a spatial dimension, or one for all; so the others.</param>
    /// <param name="padding">Zeros on both sides.</param>
    /// <param name="dilation">The distance of neighbouring weights.</param>
    /// <param name="transposed">Whether the map is the transposed one of a convolution's.</param>
    /// <param name="outputPadding">Further size of a transposed one's output.</param>
    /// <param name="groups">How many parts the channels fall into.</param>
    /// <returns>y [N, K, …].</returns>
    internal static Tensor Apply(
        Tensor input,
        Tensor weight,
        Tensor? bias,
        IEnumerable<long> stride,
        IEnumerable<long> padding,
        IEnumerable<long> dilation,
        bool transposed,
        IEnumerable<long> outputPadding,
        long groups
    ) =>
        Apply(
            input,
            weight,
            bias,
            ConvolutionGeometry.Of(stride, padding, dilation, transposed, outputPadding, groups)
        );

    /// <summary>x ∗ w + b for a geometry that was looked up before.</summary>
    internal static Tensor Apply(Tensor input, Tensor weight, Tensor? bias, ConvolutionGeometry geometry)
    {
        if (input.dim() == weight.dim() - 1)
        {
            return Apply(input.unsqueeze(0), weight, bias, geometry).squeeze(0);
        }

        var wanted = Wanted.Of(input, weight, bias);
        if (!wanted.Any || !input.is_floating_point())
        {
            return geometry.Forward(input, weight, bias);
        }

        Tensor output;
        using (Recording.Pause())
        {
            output = geometry.Forward(input, weight, bias);
        }

        new Convolution(geometry, wanted).Attach([input, weight, bias], [output], [input, weight]);
        return output;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        if (gradients[0] is { } gradient)
        {
            var parts = ConvolutionBackward.Apply(gradient, Saved(0), Saved(1), _geometry, wanted);
            wanted.Place(parts, results);
        }
    }
}
