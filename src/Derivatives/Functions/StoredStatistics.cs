using System.Collections.Concurrent;
using System.Globalization;
using CurvatureMonitor.Derivatives.Functions.Aten;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions;

/// <summary>libtorch's functions for batch norm with stored statistics and one ε.</summary>
internal sealed class StoredStatistics
{
    private static readonly ConcurrentDictionary<double, StoredStatistics> Known = [];

    private readonly CompiledFunction _forward;
    private readonly CompiledFunction _scale;
    private readonly CompiledFunction[] _backward;

    private StoredStatistics(double epsilon)
    {
        string text = epsilon.ToString("E17", CultureInfo.InvariantCulture);
        _forward = new(
            $"""
            def f(x: Tensor, w: Optional[Tensor], b: Optional[Tensor], m: Tensor, v: Tensor) -> Tensor:
                return torch.batch_norm(x, w, b, m, v, False, 0.0, {text}, False)
            """
        );
        _scale = new(
            $"""
            def f(w: Tensor, v: Tensor) -> Tensor:
                return (v + {text}).rsqrt_().mul_(w)
            """
        );
        _backward = [.. Enumerable.Range(0, 8).Select(mask => BackwardFunction(new((uint)mask), text))];
    }

    /// <summary>Those with this ε.</summary>
    internal static StoredStatistics Of(double epsilon) =>
        Known.GetOrAdd(epsilon, static epsilon => new(epsilon));

    /// <summary>(x − μ)∘d∘w + b.</summary>
    internal Tensor Forward(Tensor x, Tensor? w, Tensor? b, Tensor mean, Tensor variance) =>
        _forward.Call(x, w, b, mean, variance);

    /// <summary>d∘w.</summary>
    internal Tensor Scale(Tensor w, Tensor variance) => _scale.Call(w, variance);

    /// <summary>(∂y, x, w, μ, σ²) ↦ those of (∂x, ∂w, ∂b) that are wanted, in order.</summary>
    internal Tensor?[] Backward(Tensor gradient, Tensor x, Tensor w, Tensor mean, Tensor variance, Wanted wanted) =>
        _backward[wanted.Mask].CallMany(gradient, x, w, mean, variance);

    private static CompiledFunction BackwardFunction(Wanted wanted, string epsilon)
    {
        string mask = string.Join(", ", Enumerable.Range(0, 3).Select(i => TensorLists.Text(wanted[i])));
        string results = string.Join(", ", Enumerable.Range(0, 3).Where(i => wanted[i]).Select(i => "abc"[i]));
        return new(
            $"""
            def f(g: Tensor, x: Tensor, w: Tensor, m: Tensor, v: Tensor) -> List[Tensor]:
                a, b, c = torch.native_batch_norm_backward(g, x, w, m, v, None, None, False, {epsilon}, [{mask}])
                return [{results}]
            """
        );
    }
}
