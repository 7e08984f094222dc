using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>∂y ↦ ∂x, its entries put where the largest stood. The choice has no derivative.</summary>
internal sealed class MaxPoolBackward : Node
{
    private MaxPoolBackward()
        : base(new Wanted(1)) { }

    /// <summary>∂x for an input whose shape alone matters.</summary>
    internal static Tensor Apply(Tensor gradient, Tensor input, Tensor indices, PoolWindow window)
    {
        bool wanted = Wanted.Of(gradient).Any;
        Tensor output;
        using (Recording.Pause())
        {
            output = window.Backward(gradient, input, indices);
        }

        if (wanted)
        {
            new MaxPoolBackward().Attach([gradient], [output], [indices]);
        }

        return output;
    }

    /// <summary>The transposed map takes the entries at the indices.</summary>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        if (gradients[0] is { } direction)
        {
            var indices = Saved(0);
            results[0] = direction.flatten(2).gather(2, indices.flatten(2)).view(indices.shape);
        }
    }
}
