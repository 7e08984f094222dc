using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>
/// Everything that a curvature product asks of a function y = f(x): with L = Σ r∘y + ½ Σ y∘y, the value y, the gradient
/// g = ∂L/∂x, the Hessian product ∂(gᵀv)/∂x, and J v as the derivative ∂(gᵀv)/∂r. Zero where nothing depends.
/// </summary>
internal sealed record Derived(Tensor Value, Tensor[] Gradient, Tensor[] Product, Tensor Jacobian)
{
    /// <param name="function">f.</param>
    /// <param name="inputs">x; those that require gradients are differentiated for.</param>
    /// <param name="directions">v, one an input.</param>
    internal static Derived Of(Func<Tensor[], Tensor> function, Tensor[] inputs, Tensor[] directions)
    {
        var value = function(inputs);
        var r = Values.Like(value, 7).requires_grad_();
        var loss = (r * value).sum() + value.square().sum() * 0.5;
        int[] live = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].requires_grad)];
        Tensor[] x = [.. live.Select(i => inputs[i])],
            v = [.. live.Select(i => directions[i])];
        var gradient = SafeGradients.Of([loss], x, [ones_like(loss)], keep: true, create: true);
        var product = SafeGradients.Of(gradient!, x, v, keep: true);
        using var only = Pass.ForCotangentOnly();
        var jacobian = SafeGradients.Of(gradient!, [r], v);
        return new(
            value.detach(),
            [.. gradient.Select(part => part!.detach())],
            [.. product.Zip(x, (part, like) => part ?? zeros_like(like))],
            jacobian[0] ?? zeros_like(value)
        );
    }

    /// <summary>Every tensor, with its name for a message.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Parts() =>
        [
            ("value", Value),
            .. Gradient.Select((part, i) => ($"gradient {i}", part)),
            .. Product.Select((part, i) => ($"Hessian product {i}", part)),
            ("Jacobian product", Jacobian),
        ];
}
