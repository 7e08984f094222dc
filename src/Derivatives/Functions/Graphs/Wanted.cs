using System.Numerics;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>For which inputs of a function derivatives are wanted: a set of at most 32 positions.</summary>
internal readonly record struct Wanted(uint Mask)
{
    internal bool Any => Mask != 0;

    internal int Count => BitOperations.PopCount(Mask);

    internal bool this[int input] => (Mask >> input & 1) != 0;

    /// <summary>Those inputs that require gradients; none where nothing is recorded.</summary>
    internal static Wanted Of(params ReadOnlySpan<Tensor?> inputs) =>
        Recording.IsOn ? RequiringGradients(inputs) : default;

    /// <summary>Those inputs that require gradients, whether or not anything is recorded.</summary>
    internal static Wanted RequiringGradients(params ReadOnlySpan<Tensor?> inputs)
    {
        uint mask = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            mask |= inputs[i] is { requires_grad: true } ? 1u << i : 0;
        }

        return new(mask);
    }

    /// <summary>These without any but the first.</summary>
    internal Wanted FirstAlone() => new(Mask & 1);

    /// <summary>Puts parts that stand for the wanted positions alone, in order, into their places.</summary>
    internal void Place(ReadOnlySpan<Tensor?> parts, Span<Tensor?> places)
    {
        int next = 0;
        for (int i = 0; next < Count; i++)
        {
            if (this[i])
            {
                places[i] = parts[next++];
            }
        }
    }

    /// <summary>As <see cref="Place"/> for a function of input, weight and bias; the others are null.</summary>
    internal (Tensor? Input, Tensor? Weight, Tensor? Bias) InPlaces(ReadOnlySpan<Tensor?> parts)
    {
        int next = 0;
        return (Take(0, parts, ref next), Take(1, parts, ref next), Take(2, parts, ref next));
    }

    private Tensor? Take(int position, ReadOnlySpan<Tensor?> parts, ref int next) =>
        this[position] ? parts[next++] : null;
}
