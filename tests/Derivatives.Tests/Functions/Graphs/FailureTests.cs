using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>Whatever fails within a pass is an exception, and the process works on.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    /// <summary>After each failure a gradient comes out right.</summary>
    public void Dispose()
    {
        var x = ones(3).requires_grad_();
        var y = Relu.Apply(x * 2);
        var gradient = SafeGradients.Of([y], [x], [ones_like(y)])[0]!;
        Assert.Equal([2f, 2f, 2f], gradient.data<float>().ToArray());
        _scope.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_exception_in_a_backward_reaches_the_caller(bool viaRoot)
    {
        var x = ones(3).requires_grad_();
        var y = Probe.Apply(x, (_, _, _) => throw new InvalidOperationException("the probe refuses"));
        var thrown = Assert.Throws<DerivativeException>(() =>
            SafeGradients.Of([y], [x], [ones_like(y)], false, false, viaRoot)
        );
        Assert.Equal("the probe refuses", thrown.Message);
        Assert.Equal(DerivativeErrorKind.Native, thrown.Kind);
    }

    [Fact]
    public void The_first_exception_ends_the_pass()
    {
        int runs = 0;
        var x = ones(3).requires_grad_();
        var y = x;
        for (int i = 0; i < 3; i++)
        {
            y = Probe.Apply(y, (_, _, _) => throw new InvalidOperationException($"run {++runs}"));
        }

        var thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([y], [x], [ones_like(y)]));
        Assert.Equal("run 1", thrown.Message);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void An_exception_in_a_pass_of_TorchSharps_own_is_an_exception_too()
    {
        var x = ones(3).requires_grad_();
        var y = Probe.Apply(x, (_, _, _) => throw new InvalidOperationException("the probe refuses"));
        var thrown = Assert.ThrowsAny<Exception>(() => y.sum().backward());
        Assert.Contains("invalid number of gradients", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_a_backward_cannot_have_is_told_as_such()
    {
        var x = ones(1).requires_grad_();
        var y = x.expand([1L << 45]).narrow(0, 0, 2).sum();
        var thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([y], [x], [ones_like(y)]));
        Assert.Equal(DerivativeErrorKind.OutOfMemory, thrown.Kind);
        var z = Probe.Apply(x, (_, _, _) => zeros([1L << 45]));
        thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([z], [x], [ones_like(z)]));
        Assert.Equal(DerivativeErrorKind.OutOfMemory, thrown.Kind);
    }

    [Fact]
    public void An_operation_without_a_second_derivative_is_named()
    {
        Tensor x = rand(4, 3).requires_grad_(),
            other = rand(5, 3);
        var distances = cdist(x, other, 3);
        var first = SafeGradients.Of([distances], [x], [ones_like(distances)], keep: true, create: true)[0]!;
        var thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([first], [x], [ones_like(first)]));
        Assert.Equal(DerivativeErrorKind.UnsupportedOperation, thrown.Kind);
        Assert.Contains("cdist", thrown.Operation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_of_a_wrong_shape_is_refused()
    {
        var x = ones(3).requires_grad_();
        var y = Probe.Apply(x, (_, _, _) => zeros(4));
        Assert.Throws<DerivativeException>(() => SafeGradients.Of([y], [x], [ones_like(y)]));
    }

    [Fact]
    public void A_saved_tensor_that_was_changed_in_place_is_refused()
    {
        Tensor x = ones(3).requires_grad_(),
            y = x * 2;
        var z = Relu.Apply(y);
        z.add_(1);
        var thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([z], [x], [ones_like(z)]));
        Assert.Contains("inplace operation", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_was_not_kept_is_refused()
    {
        var x = ones(3).requires_grad_();
        var y = Relu.Apply(x);
        SafeGradients.Of([y], [x], [ones_like(y)]);
        var thrown = Assert.Throws<DerivativeException>(() => SafeGradients.Of([y], [x], [ones_like(y)]));
        Assert.Contains("did not keep", thrown.Message, StringComparison.Ordinal);
    }
}
