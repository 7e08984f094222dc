using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Failures inside a gradient are exceptions, and the process works on.</summary>
public sealed class SafeGradientsTests
{
    [Fact]
    public void A_second_derivative_is_what_calculus_says()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0 }).requires_grad_();
        var first = SafeGradients.Of([(x * x * x).sum()], [x], [ones([], float64)], keep: true, create: true)[0]!;
        var second = SafeGradients.Of([first], [x], [ones_like(first)])[0]!;
        Assert.Equal([6.0, 12.0], second.data<double>().ToArray());
    }

    [Fact]
    public void What_nothing_depends_on_is_absent()
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(2).requires_grad_(),
            other = ones(2).requires_grad_();
        var found = SafeGradients.Of([x.sum()], [other, x], [ones([])]);
        Assert.Null(found[0]);
        Assert.NotNull(found[1]);
    }

    [Fact]
    public void No_path_to_a_gradient_is_an_exception()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var thrown = Assert.Throws<DerivativeException>(() =>
            SafeGradients.Of([x.detach().sum()], [x], [ones([])])
        );
        Assert.DoesNotContain('\n', thrown.Message);
    }
}
