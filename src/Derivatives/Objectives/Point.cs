using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Where an objective is evaluated; it owns its tensors.</summary>
/// <param name="Pass">The model there.</param>
/// <param name="Leaves">One leaf a parameter tensor: it records gradients and has no history.</param>
/// <param name="Buffers">The buffers that go with them, running statistics among them.</param>
/// <param name="OwnsPass">Whether the pass is this point's alone.</param>
internal sealed record Point(IForwardPass Pass, Tensor[] Leaves, Tensor[] Buffers, bool OwnsPass) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Dispose();
        }

        if (OwnsPass)
        {
            Pass.Dispose();
        }

        if (Pass.OwnParameters is null)
        {
            foreach (var leaf in Leaves)
            {
                leaf.Dispose();
            }
        }
    }
}
