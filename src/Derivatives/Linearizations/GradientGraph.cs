using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Linearizations;

/// <summary>
/// The forward graph z(θ) of some samples, and the gradient's own graph g = J(θ)ᵀ r(z) of their share of a loss: the
/// one place where second derivatives are made. Its tensors are in no dispose scope.
/// </summary>
internal sealed class GradientGraph(Tensor outputs) : IDisposable
{
    /// <summary>z with history, [b, …].</summary>
    internal Tensor Outputs { get; } = outputs;

    /// <summary>r = ∂L/∂z with history.</summary>
    internal Tensor? Cotangent { get; private set; }

    /// <summary>g with history; one a parameter tensor.</summary>
    internal Tensor?[]? Gradients { get; private set; }

    /// <summary>The bytes that it takes.</summary>
    internal long Bytes { get; set; }

    /// <summary>
    /// Builds r and g of a loss of the outputs: in two stages, ∂L/∂z and then Jᵀ of it, so that g can be differentiated
    /// for r.
    /// </summary>
    internal void Differentiate(Tensor loss, IReadOnlyList<Tensor> leaves)
    {
        using var scope = NewDisposeScope();
        var cotangent =
            SafeGradients.Of([loss], [Outputs], [ones_like(loss)], keep: true, create: true)[0] ?? zeros_like(Outputs);
        if (!cotangent.requires_grad)
        {
            // Of a loss that is linear in the outputs; g depends on it all the same.
            cotangent = cotangent.detach().requires_grad_();
        }

        var gradients = SafeGradients.Of([Outputs], leaves, [cotangent], keep: true, create: true);
        Cotangent = cotangent.DetachFromDisposeScope();
        foreach (var gradient in gradients)
        {
            gradient?.DetachFromDisposeScope();
        }

        Gradients = gradients;
    }

    /// <summary>sum += ∂(gᵀv)/∂θ, this share's H v.</summary>
    /// <param name="layout">Where the parts of the sum lie.</param>
    /// <param name="leaves">θ.</param>
    /// <param name="directions">v, one part a parameter tensor.</param>
    /// <param name="keep">Whether the graph stays for another product.</param>
    /// <param name="sum">[P].</param>
    internal void AddHessianProduct(
        FlatLayout layout,
        IReadOnlyList<Tensor> leaves,
        IReadOnlyList<Tensor> directions,
        bool keep,
        Tensor sum
    )
    {
        using var scope = NewDisposeScope();
        var (gradients, along) = WithHistory(directions);
        if (gradients.Count > 0)
        {
            layout.Gather(SafeGradients.Of(gradients, leaves, along, keep), sum, accumulate: true);
        }
    }

    /// <summary>
    /// J v = ∂(gᵀv)/∂r, since g = Jᵀ r is linear in r: without history, in the caller's scope; null where no gradient
    /// depends on anything.
    /// </summary>
    internal Tensor? PushForward(IReadOnlyList<Tensor> directions, bool keep)
    {
        using var scope = NewDisposeScope();
        var (gradients, along) = WithHistory(directions);
        if (gradients.Count == 0)
        {
            return null;
        }

        using var only = Pass.ForCotangentOnly();
        var tangent = SafeGradients.Of(gradients, [Cotangent!], along, keep)[0] ?? zeros_like(Outputs);
        return tangent.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Outputs.Dispose();
        Cotangent?.Dispose();
        foreach (var gradient in Gradients ?? [])
        {
            gradient?.Dispose();
        }
    }

    // The gradients that depend on anything, with their directions: the others contribute nothing to a second
    // derivative.
    private (List<Tensor> Gradients, List<Tensor> Directions) WithHistory(IReadOnlyList<Tensor> directions)
    {
        var (live, along) = (new List<Tensor>(), new List<Tensor>());
        for (int i = 0; i < Gradients!.Length; i++)
        {
            if (Gradients[i] is { requires_grad: true } gradient)
            {
                live.Add(gradient);
                along.Add(directions[i]);
            }
        }

        return (live, along);
    }
}
