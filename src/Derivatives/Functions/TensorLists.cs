using CurvatureMonitor.Derivatives.Devices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>Small things that the functions share.</summary>
internal static class TensorLists
{
    /// <summary>a + b, in a's memory, where either may be absent; a must be a tensor that nothing else holds.</summary>
    internal static Tensor? AddTo(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : a.Increase(b);

    /// <summary>A vector over channels as a tensor that broadcasts against [N, C, …].</summary>
    internal static Tensor OverChannels(Tensor vector, Tensor like)
    {
        long[] shape = new long[like.dim()];
        Array.Fill(shape, 1);
        shape[1] = -1;
        return vector.view(shape);
    }

    /// <summary>Integers as TorchScript writes them: <c>[1, 2]</c>.</summary>
    internal static string Text(IEnumerable<long> values) => $"[{string.Join(", ", values)}]";

    /// <summary>True or False.</summary>
    internal static string Text(bool value) => value ? "True" : "False";
}
