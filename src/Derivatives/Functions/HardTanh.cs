using System.Collections.Concurrent;
using System.Globalization;
using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>x kept between two bounds; ReLU6 keeps it between 0 and 6.</summary>
internal static class HardTanh
{
    // TorchSharp 0.107 returns the input itself.
    private static readonly ConcurrentDictionary<(double, double), (CompiledFunction, CompiledFunction)> Known = [];

    /// <summary>min(max(x, a), b), as <c>aten::hardtanh</c>.</summary>
    internal static Tensor Apply(Tensor input, double minimum, double maximum)
    {
        var (value, slope) = Known.GetOrAdd((minimum, maximum), FunctionsFor);
        return PiecewiseLinear.Apply(input, x => value.Call(x), slope, byOutput: false);
    }

    private static (CompiledFunction Value, CompiledFunction Slope) FunctionsFor((double A, double B) bounds)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{bounds.A:E17}, {bounds.B:E17}");
        return (
            new(
                $"""
                def f(x: Tensor) -> Tensor:
                    return torch.hardtanh(x, {text})
                """
            ),
            new(
                $"""
                def f(g: Tensor, x: Tensor) -> Tensor:
                    return torch.hardtanh_backward(g, x, {text})
                """
            )
        );
    }
}
