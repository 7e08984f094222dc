using System.Collections.Concurrent;
using System.Globalization;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>x where it is positive, else a x.</summary>
internal static class LeakyRelu
{
    private static readonly ConcurrentDictionary<double, CompiledFunction> Slopes = [];

    /// <summary>max(x, 0) + a min(x, 0), as <c>aten::leaky_relu</c>.</summary>
    internal static Tensor Apply(Tensor input, double negativeSlope) =>
        PiecewiseLinear.Apply(
            input,
            x => x.LeakyRelu(negativeSlope),
            Slopes.GetOrAdd(negativeSlope, SlopeFor),
            byOutput: false
        );

    private static CompiledFunction SlopeFor(double a) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                def f(g: Tensor, x: Tensor) -> Tensor:
                    return torch.leaky_relu_backward(g, x, {a:E17}, False)
                """
            )
        );
}
