using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>
/// The values of a model's buffers of whole numbers or truth values that were looked at: the first few.
/// </summary>
internal sealed class DiscreteStates
{
    // A counter has other values at each checkpoint, and most of them choose the same branch.
    private const int Most = 4;

    private readonly List<byte[]> _seen = [];

    /// <summary>Whether none was looked at.</summary>
    internal bool IsEmpty => _seen.Count == 0;

    /// <summary>Whether so many were looked at that no others are.</summary>
    internal bool IsFull => _seen.Count >= Most;

    /// <summary>Whether these are to be looked at: they are new.</summary>
    internal bool TryAdd(IReadOnlyList<Tensor> hostTensors)
    {
        var all = new MemoryStream();
        foreach (var tensor in hostTensors)
        {
            byte[] bytes = new byte[tensor.NumberOfElements * tensor.element_size()];
            DiscreteTensors.Read(tensor, bytes);
            all.Write(bytes);
        }

        byte[] state = all.ToArray();
        if (_seen.Any(other => other.AsSpan().SequenceEqual(state)))
        {
            return false;
        }

        _seen.Add(state);
        return true;
    }
}
