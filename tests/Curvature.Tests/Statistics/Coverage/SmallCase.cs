using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// A case with a few of its samples: small enough that every sample's matrix is computed column by column.
/// </summary>
internal static class SmallCase
{
    /// <summary>Opens a case with samples from all over its probe set.</summary>
    internal static ReferenceCase Open(string name, int samples) =>
        new(name, ElementType.Float64, null, Rows(name, samples));

    /// <summary>Which samples these are.</summary>
    internal static int[] Rows(string name, int samples)
    {
        using var whole = new ReferenceCase(name, ElementType.Float64);
        var all = (int)whole.Linearization.SampleCount;
        return [.. Enumerable.Range(0, samples).Select(i => i * all / samples)];
    }

    /// <summary>Every choice of <paramref name="size"/> of so many samples.</summary>
    internal static IEnumerable<long[]> Choices(int samples, int size) =>
        size == 0
            ?
            [
                [],
            ]
            : Enumerable
                .Range(size - 1, samples - size + 1)
                .SelectMany(last => Choices(last, size - 1).Select(first => (long[])[.. first, last]));
}
