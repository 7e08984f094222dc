using CurvatureMonitor.Checkpoints.Bundles;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Samples of a probe set on a device.</summary>
internal static class ProbeSamples
{
    /// <summary>Chosen samples in the given order, or all of them.</summary>
    /// <param name="probe">The probe set.</param>
    /// <param name="chosen">Sample numbers; null for all in their order.</param>
    /// <param name="wholeNumbers">Whether the model takes its inputs as whole numbers: tokens, which only classification knows here.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="TorchException">No memory, or the device is not here.</exception>
    internal static Samples Create(ProbeSet probe, long[]? chosen, bool wholeNumbers, ElementType type, Device device)
    {
        if (chosen is null && !wholeNumbers)
        {
            return probe.ToSamples(type, device);
        }

        long[] order = chosen ?? [.. Enumerable.Range(0, (int)probe.Count).Select(i => (long)i)];
        long[] shape = probe.InputShape.ToArray();
        shape[0] = order.Length;
        double[] inputs = Rows(probe.Inputs, probe.Count, order);
        if (!probe.IsClassification)
        {
            return Samples.Regression(inputs, shape, Rows(probe.Targets, probe.Count, order), probe.Outputs, type, device);
        }

        long[] labels = new long[order.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = probe.Labels[(int)order[i]];
        }

        return wholeNumbers
            ? Samples.Classification(Array.ConvertAll(inputs, number => (long)number), shape, labels, type, device)
            : Samples.Classification(inputs, shape, labels, type, device);
    }

    /// <summary>Whether the inputs can be tokens: whole numbers from 0 on.</summary>
    internal static bool MayBeTokens(ProbeSet probe)
    {
        foreach (double number in probe.Inputs)
        {
            if (!(number >= 0 && number <= int.MaxValue) || number != Math.Floor(number))
            {
                return false;
            }
        }

        return probe.IsClassification;
    }

    private static double[] Rows(ReadOnlySpan<double> numbers, long samples, long[] order)
    {
        int width = numbers.Length / (int)samples;
        double[] rows = new double[order.Length * width];
        for (int i = 0; i < order.Length; i++)
        {
            numbers.Slice((int)order[i] * width, width).CopyTo(rows.AsSpan(i * width));
        }

        return rows;
    }
}
