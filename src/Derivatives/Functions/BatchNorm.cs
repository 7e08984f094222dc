using System.Collections.Concurrent;
using System.Globalization;
using CurvatureMonitor.Derivatives.Functions.Aten;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>Batch norm with the mean and biased variance of its batch, by libtorch, which differentiates it.</summary>
internal static class BatchNorm
{
    private static readonly ConcurrentDictionary<double, CompiledFunction> Known = [];

    /// <summary>(x − μ)∘(σ² + ε)^−½∘w + b with μ and σ² of x itself, for each channel; no statistics change.</summary>
    /// <param name="input">x [N, C, …].</param>
    /// <param name="weight">w [C]; null for ones.</param>
    /// <param name="bias">b [C]; null for zeros.</param>
    /// <param name="epsilon">ε.</param>
    internal static Tensor Apply(Tensor input, Tensor? weight, Tensor? bias, double epsilon) =>
        Known.GetOrAdd(epsilon, FunctionFor).Call(input, weight, bias);

    private static CompiledFunction FunctionFor(double epsilon)
    {
        string text = epsilon.ToString("E17", CultureInfo.InvariantCulture);
        return new(
            $"""
            def f(x: Tensor, w: Optional[Tensor], b: Optional[Tensor]) -> Tensor:
                return torch.batch_norm(x, w, b, None, None, True, 0.0, {text}, False)
            """
        );
    }
}
