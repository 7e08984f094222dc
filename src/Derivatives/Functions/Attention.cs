using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>
/// Attention in its math form, in operations that have every derivative: libtorch's fused kernels have one only.
/// </summary>
internal static class Attention
{
    /// <summary>softmax(s q kᵀ + m) v, as <c>aten::scaled_dot_product_attention</c> without dropout.</summary>
    /// <param name="query">q [N, …, H, L, E].</param>
    /// <param name="key">k [N, …, H, S, E].</param>
    /// <param name="value">v [N, …, H, S, V].</param>
    /// <param name="mask">m [N, …, L, S]: what is added, or which entries count; null for none.</param>
    /// <param name="isCausal">Whether position i sees positions up to i alone.</param>
    /// <param name="scale">s; null for 1/√E.</param>
    /// <param name="enableGqa">Whether k and v may have fewer heads than q, each serving several of them.</param>
    /// <returns>[N, …, H, L, V].</returns>
    /// <exception cref="DerivativeException">A mask was given beside <paramref name="isCausal"/>.</exception>
    internal static Tensor Apply(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor? mask,
        bool isCausal,
        double? scale = null,
        bool enableGqa = false
    )
    {
        if (isCausal && mask is not null)
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                "attention has a mask and is causal: one of the two"
            );
        }

        if (enableGqa)
        {
            key = key.repeat_interleave(query.size(-3) / key.size(-3), -3);
            value = value.repeat_interleave(query.size(-3) / value.size(-3), -3);
        }

        // Half of the scale on each side, as libtorch has it: the products stay in range in short types.
        double root = Math.Sqrt(scale ?? 1 / Math.Sqrt(query.size(-1)));
        var scores = matmul(query.Times(root), key.transpose(-2, -1).Times(root));
        if (isCausal)
        {
            mask = ones([query.size(-2), key.size(-2)], dtype: ScalarType.Bool, device: query.device).tril();
        }

        return matmul(mask is null ? scores.softmax(-1) : MaskedSoftmax(scores, mask), value);
    }

    // A row whose entries are all masked is zero, where a softmax would be 0/0; so it is kept out of the softmax.
    private static Tensor MaskedSoftmax(Tensor scores, Tensor mask)
    {
        var masked =
            mask.dtype == ScalarType.Bool
                ? scores.Masked(mask.logical_not(), double.NegativeInfinity)
                : scores.Plus(mask);
        var empty = masked.Equal(double.NegativeInfinity).all(-1, keepdim: true);
        return masked.Masked(empty, 0).softmax(-1).Masked(empty, 0);
    }
}
