using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Inner products layer by layer.</summary>
internal static class LayerSums
{
    /// <summary>The sum of some layers' numbers.</summary>
    /// <param name="values">One a layer.</param>
    /// <param name="layers">Which layers.</param>
    internal static double Of(double[] values, IReadOnlyList<int> layers)
    {
        var sum = 0.0;
        foreach (var layer in layers)
        {
            sum += values[layer];
        }

        return sum;
    }

    /// <summary>a_lᵀ b_l for every layer l, in one pass on the device.</summary>
    internal static double[] Dots(Vector a, Vector b, IReadOnlyList<TensorSlot> layers)
    {
        var ends = new long[layers.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = layers[i].Offset + layers[i].Count;
        }

        var dots = new double[ends.Length];
        a.SegmentDots(b, ends, dots);
        return dots;
    }
}
