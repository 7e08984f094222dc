using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// The node through which a pass enters a graph: it changes no gradient, but tells the nodes behind it, on threads of
/// libtorch's own, in which pass they run.
/// </summary>
internal sealed class PassRoot : Node
{
    // A node tells its inputs apart by a bit each.
    private const int MaxTensors = 32;

    private readonly Pass _pass;

    private PassRoot(Pass pass, Wanted wanted)
        : base(wanted) => _pass = pass;

    /// <summary>The tensors again, to be differentiated in this pass; those without a graph stay what they are.
    /// </summary>
    internal static Tensor[] Apply(Pass pass, ReadOnlySpan<Tensor> tensors)
    {
        var roots = tensors.ToArray();
        for (int from = 0; from < roots.Length; from += MaxTensors)
        {
            Attach(pass, roots.AsSpan(from, Math.Min(MaxTensors, roots.Length - from)));
        }

        return roots;
    }

    /// <inheritdoc/>
    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results)
    {
        _pass.Enter();
        wanted.Place(gradients, results);
    }

    private static void Attach(Pass pass, Span<Tensor> tensors)
    {
        var inputs = tensors.ToArray();
        var wanted = Wanted.RequiringGradients(inputs);
        if (!wanted.Any)
        {
            return;
        }

        var outputs = new List<Tensor>();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (wanted[i])
            {
                outputs.Add(tensors[i] = inputs[i].detach());
            }
        }

        new PassRoot(pass, wanted).Attach(inputs, outputs.ToArray(), []);
    }
}
