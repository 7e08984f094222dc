using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>y = 2x, whose backward does as a test says.</summary>
internal sealed class Probe : Node
{
    private readonly Func<Probe, Tensor, Wanted, Tensor?> _backward;

    private Probe(Wanted wanted, Func<Probe, Tensor, Wanted, Tensor?> backward)
        : base(wanted) => _backward = backward;

    private protected override bool IsBackward => true;

    internal static Tensor Apply(Tensor input, Func<Probe, Tensor, Wanted, Tensor?> backward, bool saveOutput = false)
    {
        Tensor output;
        using (Recording.Pause())
        {
            output = input * 2;
        }

        new Probe(Wanted.Of(input), backward).Attach([input], [output], [saveOutput ? output : input]);
        return output;
    }

    internal Tensor TheSaved() => Saved(0);

    private protected override void Backward(ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> results) =>
        results[0] = _backward(this, gradients[0]!, wanted);
}
