using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Samples whose inputs are values of a sine, and whose classes go round.</summary>
internal static class WaveSamples
{
    internal static Samples Of(int count, int inputs, int classes, ElementType type = ElementType.Float64) =>
        Samples.Classification(
            [.. Enumerable.Range(0, count * inputs).Select(i => (float)Math.Sin(1.3 * (i + 1)))],
            [count, inputs],
            [.. Enumerable.Range(0, count).Select(i => (long)(i % classes))],
            type,
            Device.Cpu
        );
}
