using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>(∂y, x, W) ↦ the wanted ones of (∂x, ∂W, ∂b) = (∂y W, ∂yᵀ x, Σ ∂y).</summary>
internal sealed class LinearBackward : Node
{
    private static readonly CompiledFunction[] Products = [.. Enumerable.Range(0, 8).Select(ProductsFor)];

    private readonly Wanted _parts;

    private LinearBackward(Wanted parts, Wanted wanted)
        : base(wanted) => _parts = parts;

    /// <inheritdoc/>
    private protected override bool IsBackward => true;

    /// <summary>Those of (∂x, ∂W, ∂b) that <paramref name="parts"/> names, in order.</summary>
    internal static Tensor[] Apply(Tensor gradient, Tensor input, Tensor weight, Wanted parts)
    {
        var wanted = Wanted.Of(gradient, input, weight);
        Tensor[] outputs;
        using (Recording.Pause())
        {
            outputs = Products[parts.Mask].CallMany(gradient, input, weight)!;
        }

        if (wanted.Any)
        {
            Tensor[] inputs = [gradient, input, weight];
            new LinearBackward(parts, wanted).Attach(inputs, outputs, inputs);
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
            results[0] = ToGradient(x, w, b, gradient, input, weight);
        }

        if (wanted[1] && w is not null)
        {
            results[1] = gradient.mm(w);
        }

        if (wanted[2] && x is not null)
        {
            results[2] = gradient.t().mm(x);
        }
    }

    private static Tensor ToGradient(Tensor? x, Tensor? w, Tensor? b, Tensor gradient, Tensor input, Tensor weight)
    {
        if (w is null)
        {
            return x is null ? b!.expand_as(gradient).contiguous() : nn.functional.linear(x, weight, b);
        }

        var product = nn.functional.linear(input, w, b);
        return x is null ? product : product.addmm_(x, weight.t(), 1, 1);
    }

    private static CompiledFunction ProductsFor(int mask)
    {
        string[] products = ["g.mm(w)", "g.t().mm(x)", "g.sum([0])"];
        string wanted = string.Join(", ", products.Where((_, i) => (mask >> i & 1) != 0));
        return new(
            $"""
            def f(g: Tensor, x: Tensor, w: Tensor) -> List[Tensor]:
                return [{wanted}]
            """
        );
    }
}
