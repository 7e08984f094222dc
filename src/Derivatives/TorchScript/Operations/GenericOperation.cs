using System.Runtime.CompilerServices;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// Any operation of libtorch, by a TorchScript function that is compiled for the kinds of its arguments. Tensors and
/// numbers are the function's parameters; texts, <c>None</c> and devices stand in its source.
/// </summary>
/// <param name="name">The operation's name without <c>aten::</c>.</param>
/// <param name="names">The arguments' names; null for those that go by their place.</param>
internal sealed class GenericOperation(string name, string?[] names)
{
    private readonly bool _isInPlace = Aliasing.IsInPlace(name);
    private Compiled? _last;

    /// <summary>Calls it; the values stay the caller's, the result is handed over.</summary>
    internal object? Invoke(params object?[] values)
    {
        var arguments = new GenericArguments(values);
        try
        {
            var compiled = _last;
            if (compiled is null || !compiled.Kinds.SequenceEqual(arguments.Kinds))
            {
                _last = compiled = new Compiled(
                    [.. arguments.Kinds],
                    GenericSource.Compile(name, names, values)
                );
            }

            compiled.Function.Check(values);
            object? result = compiled.Function.Unit.invoke("call", arguments.Values.ToArray());
            if (!_isInPlace || values is not [HeldTensor changed, ..])
            {
                return Convert(result);
            }

            (result as Tensor)?.Dispose();
            return Values.Retain(changed);
        }
        finally
        {
            arguments.Dispose();
        }
    }

    private static object? Convert(object? result) =>
        result switch
        {
            Tensor { IsInvalid: true } => null,
            Tensor tensor => new HeldTensor(tensor),
            TorchSharp.Scalar scalar => Number(scalar),
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Convert(tuple[i])).ToArray(),
            System.Collections.IEnumerable list => list.Cast<object?>().Select(Convert).ToList(),
            _ => result,
        };

    private static object Number(TorchSharp.Scalar scalar)
    {
        using (scalar)
        {
            return Numbers.Of(scalar);
        }
    }

    private sealed record Compiled(object[] Kinds, GenericFunction Function);
}
