using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// y = f(x) elementwise, with f piecewise linear. Its derivative is constant in x almost everywhere, so that the double
/// backward is the backward again; libtorch computes zeros for x besides, and adds them up.
/// </summary>
internal sealed class PiecewiseLinear : Node
{
    private readonly CompiledFunction _slope;

    private PiecewiseLinear(CompiledFunction slope)
        : base(new Wanted(1)) => _slope = slope;

    /// <summary>f(x).</summary>
    /// <param name="input">x, of a floating type; libtorch answers for others.</param>
    /// <param name="value">f in operations of libtorch.</param>
    /// <param name="slope">(∂y, s) ↦ ∂y∘f′ with s the output or the input.</param>
    /// <param name="byOutput">Whether s is the output, which the next layer mostly keeps anyway.</param>
    internal static Tensor Apply(Tensor input, Func<Tensor, Tensor> value, CompiledFunction slope, bool byOutput)
    {
        if (!Wanted.Of(input).Any || !input.is_floating_point())
        {
            return value(input);
        }

        Tensor output;
        using (Recording.Pause())
        {
            output = value(input);
        }

        new PiecewiseLinear(slope).Attach([input], [output], [byOutput ? output : input]);
        return output;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results) =>
        results[0] = gradients[0] is { } gradient ? PiecewiseLinearBackward.Apply(gradient, Saved(0), _slope) : null;
}
