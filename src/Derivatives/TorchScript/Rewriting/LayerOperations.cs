using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>Sends the layers' operations to <see cref="LayerFunctions"/>.</summary>
internal static class LayerOperations
{
    private const string Geometry = "input weight bias stride padding dilation groups";

    /// <summary>Adds the operations to a table.</summary>
    internal static void Register(OperationTable table)
    {
        table.Add("conv1d", Geometry, (_, a) => Convolution(a, 1));
        table.Add("conv2d", Geometry, (_, a) => Convolution(a, 2));
        table.Add("conv3d", Geometry, (_, a) => Convolution(a, 3));
        table.Add(
            "convolution",
            "input weight bias stride padding dilation transposed output_padding groups",
            (_, a) => Convolution(a)
        );
        table.Add(
            "_convolution",
            "input weight bias stride padding dilation transposed output_padding groups benchmark deterministic "
                + "cudnn_enabled allow_tf32",
            (_, a) => Convolution(a)
        );
        table.Add("linear", "input weight bias", (_, a) => Linear(a));
        table.Add("_weight_norm", "v g dim", (_, a) => WeightNorm(a));
        table.Add("max_pool2d", "self kernel_size stride padding dilation ceil_mode", (_, a) => MaxPool2d(a));
        table.Add(
            "scaled_dot_product_attention",
            "query key value attn_mask dropout_p is_causal scale enable_gqa",
            (_, a) => Attention(a)
        );
    }

    private static object WeightNorm(object?[] a) =>
        a is [HeldTensor v, HeldTensor g, ..] && Take.Or(a[2], 0L) is long dimension
            ? Held(LayerFunctions.WeightNorm(v.Tensor, g.Tensor, dimension))
            : Operation.Unfit;

    private static object Convolution(object?[] a, int dimensions)
    {
        bool fits =
            a is [HeldTensor, HeldTensor weight, ..]
            && weight.Tensor.dim() == dimensions + 2
            && Take.Or(a[6], 1L) is long;
        return
            fits
            && Take.Sizes(a[3], dimensions, 1) is { } stride
            && Take.Sizes(a[4], dimensions, 0) is { } padding
            && Take.Sizes(a[5], dimensions, 1) is { } dilation
            ? Convolution(a, stride, padding, dilation, false, new long[dimensions], (long)Take.Or(a[6], 1L)!)
            : Operation.Unfit;
    }

    private static object Convolution(object?[] a)
    {
        if (a is not [_, HeldTensor weight, ..] || a[6] is not bool transposed || a[8] is not long groups)
        {
            return Operation.Unfit;
        }

        int dimensions = (int)weight.Tensor.dim() - 2;
        return
            Take.Sizes(a[3], dimensions, 1) is { } stride
            && Take.Sizes(a[4], dimensions, 0) is { } padding
            && Take.Sizes(a[5], dimensions, 1) is { } dilation
            && Take.Sizes(a[7], dimensions, 0) is { } outputPadding
            ? Convolution(a, stride, padding, dilation, transposed, outputPadding, groups)
            : Operation.Unfit;
    }

    private static object Convolution(
        object?[] a,
        long[] stride,
        long[] padding,
        long[] dilation,
        bool transposed,
        long[] outputPadding,
        long groups
    ) =>
        a is [HeldTensor x, HeldTensor w, ..]
        && x.Tensor.dim() == w.Tensor.dim()
        && Take.TryOptional(a[2], out var bias)
            ? Held(
                LayerFunctions.Convolution(
                    x.Tensor,
                    w.Tensor,
                    bias,
                    stride,
                    padding,
                    dilation,
                    transposed,
                    outputPadding,
                    groups
                )
            )
            : Operation.Unfit;

    private static object Linear(object?[] a) =>
        a is [HeldTensor x, HeldTensor w, ..] && Take.TryOptional(a[2], out var bias)
            ? Held(LayerFunctions.Linear(x.Tensor, w.Tensor, bias))
            : Operation.Unfit;

    private static object MaxPool2d(object?[] a)
    {
        if (a[0] is not HeldTensor x || Take.Sizes(a[1], 2, 1) is not { } kernel)
        {
            return Operation.Unfit;
        }

        var stride = a[2] is Unset or List<object?> { Count: 0 } ? kernel : Take.Sizes(a[2], 2, 1);
        return
            stride is not null
            && Take.Sizes(a[3], 2, 0) is { } padding
            && Take.Sizes(a[4], 2, 1) is { } dilation
            && Take.Or(a[5], false) is bool ceiling
            ? Held(LayerFunctions.MaxPool2d(x.Tensor, kernel, stride, padding, dilation, ceiling))
            : Operation.Unfit;
    }

    private static object Attention(object?[] a) =>
        a is [HeldTensor q, HeldTensor k, HeldTensor v, ..]
        && Take.TryOptional(a[3], out var mask)
        && Take.Or(a[5], false) is bool isCausal
        && Take.Or(a[6], null) is var scale and (null or double)
        && Take.Or(a[7], false) is bool enableGqa
            ? Held(
                LayerFunctions.Attention(
                    q.Tensor,
                    k.Tensor,
                    v.Tensor,
                    mask,
                    isCausal,
                    (double?)scale,
                    enableGqa
                )
            )
            : Operation.Unfit;

    private static HeldTensor Held(Tensor tensor) => new(tensor);
}
