using System.Collections.Concurrent;
using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// All of a convolution but its tensors. TorchScript reads lists of numbers in its text only, so that each geometry has
/// functions of its own; equal ones are one object.
/// </summary>
internal sealed class ConvolutionGeometry
{
    private static readonly ConcurrentDictionary<string, ConvolutionGeometry> Known = [];

    private readonly CompiledFunction _forward;
    private readonly CompiledFunction[] _backward;
    private readonly bool _isTransposed;
    private readonly bool _isStrided;
    private readonly bool _isDense;
    private readonly long _groups;

    private ConvolutionGeometry(string text, bool isTransposed, bool isStrided, bool isDilated, long groups)
    {
        (_isTransposed, _isStrided, _groups) = (isTransposed, isStrided, groups);
        _isDense = !isTransposed && !isStrided && !isDilated && groups == 1;
        _forward = new(
            $"""
            def f(x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
                return torch.convolution(x, w, b, {text})
            """
        );
        _backward = [.. Enumerable.Range(0, 8).Select(mask => BackwardFunction(new((uint)mask), text))];
    }

    /// <summary>The geometry with these numbers: one a spatial dimension, or one for all of them.</summary>
    internal static ConvolutionGeometry Of(
        IEnumerable<long> stride,
        IEnumerable<long> padding,
        IEnumerable<long> dilation,
        bool transposed,
        IEnumerable<long> outputPadding,
        long groups
    )
    {
        string text = string.Join(
            ", ",
            TensorLists.Text(stride),
            TensorLists.Text(padding),
            TensorLists.Text(dilation),
            TensorLists.Text(transposed),
            TensorLists.Text(outputPadding),
            $"{groups}"
        );
        return Known.TryGetValue(text, out var known)
            ? known
            : Known.GetOrAdd(text, _ => new(text, transposed, Any(stride), Any(dilation), groups));

        static bool Any(IEnumerable<long> steps) => steps.Any(step => step > 1);
    }

    /// <summary>y = x ∗ w + b.</summary>
    internal Tensor Forward(Tensor x, Tensor w, Tensor? b)
    {
        var (images, result) = Padding(x, w, isAdjoint: _isTransposed);
        if (images == 0 && result == 0)
        {
            return _forward.Call(x, w, b);
        }

        var weight = PadWeight(w, images, result, _isTransposed);
        var bias = b is null || result == 0 ? b : nn.functional.pad(b.view(_groups, -1), [0, result]).flatten();
        return Cut(_forward.Call(ChannelPadding.Pad(x, 0, images), weight, bias), w, result);
    }

    /// <summary>(∂y, x, w) ↦ those of (∂x, ∂w, ∂b) that are wanted, in order.</summary>
    internal Tensor?[] Backward(Tensor gradient, Tensor x, Tensor w, Wanted wanted)
    {
        if (wanted[0] && Padding(gradient, w, isAdjoint: !_isTransposed) != default)
        {
            return [ToInput(gradient, x, w), .. Rest(wanted.Mask & 6)];
        }

        if (wanted[1] && _isDense && SamplesAsChannels.Suits(gradient, x, w))
        {
            // libtorch computes ∂w wherever it is asked for ∂b.
            Tensor?[] bias = wanted[2] ? [gradient.sum([0, 2, 3])] : [];
            return [.. Rest(wanted.Mask & 1), SamplesAsChannels.ToWeight(this, gradient, x), .. bias];
        }

        return _backward[wanted.Mask].CallMany(gradient, x, w);

        Tensor?[] Rest(uint mask) => mask == 0 ? [] : Backward(gradient, x, w, new(mask));
    }

    /// <summary>(∂y, w) ↦ ∂x, where x gives the shape alone.</summary>
    internal Tensor ToInput(Tensor gradient, Tensor x, Tensor w)
    {
        var (images, result) = Padding(gradient, w, isAdjoint: !_isTransposed);
        if (images == 0 && result == 0)
        {
            return _backward[1].CallMany(gradient, x, w)[0]!;
        }

        var weight = PadWeight(w, images, result, !_isTransposed);
        long[] shape = x.shape;
        shape[1] += _groups * result;
        var like = result == 0 ? x : x.as_strided(shape, new long[shape.Length]);
        return Cut(_backward[1].CallMany(ChannelPadding.Pad(gradient, 0, images), like, weight)[0]!, w, result);
    }

    /// <summary>(∂y, x) ↦ ∂w, where w gives the shape alone.</summary>
    internal Tensor ToWeight(Tensor gradient, Tensor x, Tensor w) => Backward(gradient, x, w, new(2))[0]!;

    // Channels of zeros for the images, and for each group of the result.
    private (long Images, long Result) Padding(Tensor images, Tensor w, bool isAdjoint)
    {
        if (!ChannelPadding.Concerns(images, w))
        {
            return default;
        }

        long result = isAdjoint ? ChannelPadding.ForAdjointResult(w.size(1), _isStrided) : 0;
        return _groups > 1 ? (0, result)
            : isAdjoint ? (ChannelPadding.ForAdjoint(w.size(0)), result)
            : (ChannelPadding.ForCorrelation(w.size(1)), 0);
    }

    // The result of an adjoint without the further channels at the end of each group.
    private Tensor Cut(Tensor result, Tensor w, long further) =>
        further == 0
            ? result
            : result.unflatten(1, _groups, w.size(1) + further).narrow(2, 0, w.size(1)).flatten(1, 2).contiguous();

    private static Tensor PadWeight(Tensor w, long images, long result, bool isAdjoint) =>
        isAdjoint ? ChannelPadding.Pad(w, images, result) : ChannelPadding.Pad(w, result, images);

    private static CompiledFunction BackwardFunction(Wanted wanted, string text)
    {
        string biasShape = wanted[2] ? "[g.size(1)]" : "None";
        string mask = string.Join(", ", Enumerable.Range(0, 3).Select(i => TensorLists.Text(wanted[i])));
        string results = string.Join(", ", Enumerable.Range(0, 3).Where(i => wanted[i]).Select(i => "abc"[i]));
        return new(
            $"""
            def f(g: Tensor, x: Tensor, w: Tensor) -> List[Tensor]:
                a, b, c = torch.convolution_backward(g, x, w, {biasShape}, {text}, [{mask}])
                return [{results}]
            """
        );
    }
}
