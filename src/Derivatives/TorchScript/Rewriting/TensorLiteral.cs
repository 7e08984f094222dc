using CurvatureMonitor.Derivatives.TorchScript.Archives;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>A tensor of numbers that stand in nested lists: <c>torch.tensor([[1., 2.], [3., 4.]])</c>.</summary>
internal static class TensorLiteral
{
    /// <summary>Makes the tensor.</summary>
    /// <param name="data">A number, or lists of numbers of equal length.</param>
    /// <param name="code">The element type; by the numbers where it is null.</param>
    /// <param name="real">The element type of floats.</param>
    /// <param name="device">Where it is to be.</param>
    /// <exception cref="InvalidCastException">The lists are ragged, or hold something else.</exception>
    internal static Tensor Make(object? data, long? code, ScalarType real, Device device)
    {
        List<long> shape = [];
        for (object? level = data; level is List<object?> list; level = list.Count > 0 ? list[0] : null)
        {
            shape.Add(list.Count);
        }

        List<object> numbers = [];
        Collect(data, shape, 0, numbers);
        var type =
            code is { } given ? ElementTypes.FromCode(given)
            : numbers.Exists(number => number is double) || numbers.Count == 0 ? real
            : numbers.TrueForAll(number => number is bool) ? ScalarType.Bool
            : ScalarType.Int64;
        using var flat = numbers.Exists(number => number is double)
            ? tensor(numbers.Select(number => Numbers.Real(number)!.Value).ToArray())
            : tensor(numbers.Select(number => Numbers.Integer(number)!.Value).ToArray());
        return flat.to(type, device).reshape([.. shape]);
    }

    private static void Collect(object? data, List<long> shape, int depth, List<object> numbers)
    {
        if (data is List<object?> list && depth < shape.Count && list.Count == shape[depth])
        {
            list.ForEach(item => Collect(item, shape, depth + 1, numbers));
        }
        else if (data is long or double or bool && depth == shape.Count)
        {
            numbers.Add(data);
        }
        else
        {
            throw new InvalidCastException("a tensor needs numbers in lists of equal length");
        }
    }
}
