using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>∂y ↦ ∂y∘f′: linear, and its own derivative.</summary>
internal sealed class PiecewiseLinearBackward : Node
{
    private readonly CompiledFunction _slope;

    private PiecewiseLinearBackward(CompiledFunction slope)
        : base(new Wanted(1)) => _slope = slope;

    /// <summary>∂y∘f′(s).</summary>
    internal static Tensor Apply(Tensor gradient, Tensor saved, CompiledFunction slope)
    {
        bool wanted = Wanted.Of(gradient).Any;
        Tensor output;
        using (Recording.Pause())
        {
            output = slope.Call(gradient, saved);
        }

        if (wanted)
        {
            new PiecewiseLinearBackward(slope).Attach([gradient], [output], [saved]);
        }

        return output;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results) =>
        results[0] = gradients[0] is { } direction ? Apply(direction, Saved(0), _slope) : null;
}
