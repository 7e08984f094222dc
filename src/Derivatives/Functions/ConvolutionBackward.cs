using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// (∂y, x, w) ↦ the wanted ones of (∂x, ∂w, ∂b): bilinear in (∂y, w) and (∂y, x), which gives its own derivative.
/// </summary>
internal sealed class ConvolutionBackward : Node
{
    private readonly ConvolutionGeometry _geometry;
    private readonly Wanted _parts;

    private ConvolutionBackward(ConvolutionGeometry geometry, Wanted parts, Wanted wanted)
        : base(wanted) => (_geometry, _parts) = (geometry, parts);

    /// <inheritdoc/>
    private protected override bool IsBackward => true;

    /// <summary>Those of (∂x, ∂w, ∂b) that <paramref name="parts"/> names, in order.</summary>
    internal static Tensor[] Apply(
        Tensor gradient,
        Tensor input,
        Tensor weight,
        ConvolutionGeometry geometry,
        Wanted parts
    )
    {
        var wanted = Wanted.Of(gradient, input, weight);
        Tensor[] outputs;
        using (Recording.Pause())
        {
            outputs = geometry.Backward(gradient, input, weight, parts)!;
        }

        if (wanted.Any)
        {
            Tensor[] inputs = [gradient, input, weight];
            new ConvolutionBackward(geometry, parts, wanted).Attach(inputs, outputs, inputs);
        }

        return outputs;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        var (x, w, b) = _parts.InPlaces(gradients);
        if (x is null && w is null && b is null)
        {
            return;
        }

        Tensor gradient = Saved(0),
            input = Saved(1),
            weight = Saved(2);
        if (wanted[0])
        {
            // The bias's direction rides along with one of the two convolutions.
            var first = x is null ? null : _geometry.Forward(x, weight, b);
            var second = w is null ? null : _geometry.Forward(input, w, x is null ? b : null);
            results[0] =
                TensorLists.AddTo(first, second)
                ?? TensorLists.OverChannels(b!, gradient).expand_as(gradient).contiguous();
        }

        if (wanted[1] && w is not null)
        {
            results[1] = _geometry.ToInput(gradient, input, w);
        }

        if (wanted[2] && x is not null)
        {
            results[2] = _geometry.ToWeight(gradient, x, weight);
        }
    }
}
