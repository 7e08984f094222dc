using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>Each setting that derivatives rely on is made.</summary>
public sealed class LibTorchTests
{
    public LibTorchTests() => LibTorch.Prepare();

    [Fact]
    public void The_executor_does_not_profile()
    {
        Assert.False(LibTorch.ProfilingMode);
        Assert.Null(LibTorch.ExecutorRemark);
    }

    [Fact]
    public void Attention_takes_no_kernel_without_a_double_backward()
    {
        Assert.Equal(4, AttentionKernel.WithoutDoubleBackward.Count);
        Assert.All(AttentionKernel.WithoutDoubleBackward, kernel => Assert.False(kernel.IsEnabled, kernel.Name));
        Assert.True(backends.cuda.math_sdp_enabled());
    }

    [Fact]
    public void Attention_of_libtorchs_own_has_a_second_derivative()
    {
        using var scope = NewDisposeScope();
        var q = rand(2, 2, 16, 8).requires_grad_();
        var y = nn.functional.scaled_dot_product_attention(q, q, q).square().sum();
        var first = SafeGradients.Of([y], [q], [ones_like(y)], keep: true, create: true)[0]!;
        Assert.NotNull(SafeGradients.Of([first], [q], [ones_like(first)])[0]);
    }
}
