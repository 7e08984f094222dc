using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;
using Own = CurvatureMonitor.Derivatives.Functions;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// The functions behind the layers that models spend their time in: those of this project, or libtorch's where
/// <see cref="OwnFunctions"/> are suspended. This is the one place that says which they are.
/// </summary>
internal static class LayerFunctions
{
    private static readonly GenericOperation BatchNormOperation = new("batch_norm", new string?[9]);
    private static readonly GenericOperation HardTanhOperation = new("hardtanh", new string?[3]);
    private static readonly GenericOperation AttentionOperation = new(
        "scaled_dot_product_attention",
        [null, null, null, null, null, null, "scale", "enable_gqa"]
    );

    /// <summary>A convolution of 1 to 3 dimensions, or a transposed one; without a record for gradients it is
    /// libtorch's own.</summary>
    internal static Tensor Convolution(
        Tensor input,
        Tensor weight,
        Tensor? bias,
        long[] stride,
        long[] padding,
        long[] dilation,
        bool transposed,
        long[] outputPadding,
        long groups
    ) =>
        Own.Convolution.Apply(input, weight, bias, stride, padding, dilation, transposed, outputPadding, groups);

    /// <summary>x Wᵀ + b.</summary>
    internal static Tensor Linear(Tensor input, Tensor weight, Tensor? bias) =>
        OwnFunctions.AreUsed
            ? Own.Linear.Apply(input, weight, bias)
            : nn.functional.linear(input, weight, bias);

    /// <summary>
    /// g v / ‖v‖, the norm over all dimensions but one, or over all where that is −1, in operations whose second
    /// derivatives are right: that of libtorch's own is not.
    /// </summary>
    internal static Tensor WeightNorm(Tensor v, Tensor g, long dimension)
    {
        long[] others = [.. Enumerable.Range(0, (int)v.dim()).Select(i => (long)i).Where(i => i != dimension)];
        return v * (g / v.Squared().sum(others, keepdim: true).sqrt());
    }

    /// <summary>max(x, 0).</summary>
    internal static Tensor Relu(Tensor input) => OwnFunctions.AreUsed ? Own.Relu.Apply(input) : input.relu();

    /// <summary>x where it is positive, slope·x elsewhere.</summary>
    internal static Tensor LeakyRelu(Tensor input, double slope) =>
        OwnFunctions.AreUsed ? Own.LeakyRelu.Apply(input, slope) : input.LeakyRelu(slope);

    /// <summary>x within the bounds, the nearer bound elsewhere. TorchSharp's own returns x.</summary>
    internal static Tensor HardTanh(Tensor input, double minimum, double maximum) =>
        OwnFunctions.AreUsed
            ? Own.HardTanh.Apply(input, minimum, maximum)
            : Call(HardTanhOperation, Held(input), minimum, maximum);

    /// <summary>x above the threshold, a value elsewhere.</summary>
    internal static Tensor Threshold(Tensor input, double threshold, double value) =>
        OwnFunctions.AreUsed
            ? Own.Threshold.Apply(input, threshold, value)
            : input.Threshold(threshold, value);

    /// <summary>The largest entry of each window.</summary>
    internal static Tensor MaxPool2d(
        Tensor input,
        long[] kernel,
        long[] stride,
        long[] padding,
        long[] dilation,
        bool ceiling
    ) =>
        OwnFunctions.AreUsed
            ? Own.MaxPool.Apply(input, kernel, stride, padding, dilation, ceiling)
            : nn.functional.max_pool2d(input, kernel, stride, padding, dilation, ceiling);

    /// <summary>Batch norm with given statistics.</summary>
    internal static Tensor StoredBatchNorm(
        Tensor input,
        Tensor? weight,
        Tensor? bias,
        Tensor mean,
        Tensor variance,
        double epsilon
    ) =>
        OwnFunctions.AreUsed
            ? Own.StoredBatchNorm.Apply(input, weight, bias, mean, variance, epsilon)
            : nn.functional.batch_norm(input, mean, variance, weight, bias, false, 0, epsilon);

    /// <summary>Batch norm with the batch's own statistics.</summary>
    internal static Tensor BatchNorm(Tensor input, Tensor? weight, Tensor? bias, double epsilon) =>
        OwnFunctions.AreUsed
            ? Own.BatchNorm.Apply(input, weight, bias, epsilon)
            : Call(BatchNormOperation, Held(input), Held(weight), Held(bias), null, null, true, 0.0, epsilon, false);

    /// <summary>As <see cref="BatchNorm"/>; the running statistics move towards the batch's.</summary>
    internal static Tensor UpdatingBatchNorm(
        Tensor input,
        Tensor? weight,
        Tensor? bias,
        Tensor mean,
        Tensor variance,
        double momentum,
        double epsilon
    ) =>
        Call(
            BatchNormOperation,
            Held(input),
            Held(weight),
            Held(bias),
            Held(mean),
            Held(variance),
            true,
            momentum,
            epsilon,
            false
        );

    /// <summary>softmax(Q Kᵀ·scale + mask) V.</summary>
    internal static Tensor Attention(
        Tensor query,
        Tensor key,
        Tensor value,
        Tensor? mask,
        bool isCausal,
        double? scale,
        bool enableGqa
    ) =>
        OwnFunctions.AreUsed
            ? Own.Attention.Apply(query, key, value, mask, isCausal, scale, enableGqa)
            : Call(
                AttentionOperation,
                Held(query),
                Held(key),
                Held(value),
                Held(mask),
                0.0,
                isCausal,
                scale,
                enableGqa
            );

    private static HeldTensor? Held(Tensor? tensor) => tensor is null ? null : new HeldTensor(tensor);

    private static Tensor Call(GenericOperation operation, params object?[] values) =>
        ((HeldTensor)operation.Invoke(values)!).Tensor;
}
