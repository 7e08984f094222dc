using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>y = x Wᵀ + b with a double backward of three products at most.</summary>
internal sealed class Linear : Node
{
    private Linear(Wanted wanted)
        : base(wanted) { }

    /// <summary>x Wᵀ + b, as <c>aten::linear</c>.</summary>
    /// <param name="input">x […, I].</param>
    /// <param name="weight">W [O, I].</param>
    /// <param name="bias">b [O], or null.</param>
    /// <returns>y […, O].</returns>
    internal static Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        var wanted = Wanted.Of(input, weight, bias);
        if (!wanted.Any || !IsPlain(input, weight, bias))
        {
            return nn.functional.linear(input, weight, bias);
        }

        if (input.dim() == 2)
        {
            return ApplyToRows(input, weight, bias, wanted);
        }

        // The product of the sizes, for -1 says nothing of an empty tensor.
        long[] shape = input.shape;
        long rows = shape[..^1].Aggregate(1L, (product, size) => product * size);
        return ApplyToRows(input.reshape(rows, shape[^1]), weight, bias, wanted)
            .reshape([.. shape[..^1], weight.shape[0]]);
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        if (gradients[0] is { } gradient)
        {
            wanted.Place(LinearBackward.Apply(gradient, Saved(0), Saved(1), wanted), results);
        }
    }

    private static Tensor ApplyToRows(Tensor input, Tensor weight, Tensor? bias, Wanted wanted)
    {
        Tensor output;
        using (Recording.Pause())
        {
            output = nn.functional.linear(input, weight, bias);
        }

        new Linear(wanted).Attach([input, weight, bias], [output], [input, weight]);
        return output;
    }

    // Rows of one floating type against a matrix: what the products are written for. libtorch answers for the rest.
    private static bool IsPlain(Tensor input, Tensor weight, Tensor? bias) =>
        input.dim() >= 1
        && weight.dim() == 2
        && weight.is_floating_point()
        && Fits(input, weight)
        && input.size(-1) == weight.size(1)
        && (bias is null || (bias.dim() == 1 && Fits(bias, weight) && bias.size(0) == weight.size(0)));

    private static bool Fits(Tensor tensor, Tensor weight) =>
        tensor.dtype == weight.dtype && tensor.device_type == weight.device_type && !tensor.is_sparse;
}
