using System.Collections.Concurrent;
using System.Globalization;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>x where it lies above a threshold, else a constant.</summary>
internal static class Threshold
{
    private static readonly ConcurrentDictionary<double, CompiledFunction> Slopes = [];

    /// <summary>x where x &gt; threshold, else value, as <c>aten::threshold</c>.</summary>
    internal static Tensor Apply(Tensor input, double threshold, double value) =>
        PiecewiseLinear.Apply(
            input,
            x => x.Threshold(threshold, value),
            Slopes.GetOrAdd(threshold, SlopeFor),
            byOutput: false
        );

    private static CompiledFunction SlopeFor(double threshold) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                def f(g: Tensor, x: Tensor) -> Tensor:
                    return torch.threshold_backward(g, x, {threshold:E17})
                """
            )
        );
}
