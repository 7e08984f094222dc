using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>The values that a loop takes one after the other, each handed over.</summary>
internal static class Iteration
{
    /// <summary>The values of a range, a list, a tuple, a dictionary's keys, a tensor's rows or a string.</summary>
    /// <exception cref="DerivativeException">The value is none of these.</exception>
    internal static IEnumerable<object?> Of(object? source, SourcePlace place)
    {
        switch (source)
        {
            case RangeValue range:
                for (long i = 0; i < range.Count; i++)
                {
                    yield return range.At(i);
                }

                break;
            case List<object?> list:
                for (int i = 0; i < list.Count; i++)
                {
                    yield return Values.Retain(list[i]);
                }

                break;
            case object?[] tuple:
                foreach (object? item in tuple)
                {
                    yield return Values.Retain(item);
                }

                break;
            case OrderedDictionary<object, object?> dictionary:
                foreach (object key in dictionary.Keys.ToArray())
                {
                    yield return key;
                }

                break;
            case HeldTensor held when held.Tensor.dim() > 0:
                held.IsShared = true;
                for (long i = 0; i < held.Tensor.shape[0]; i++)
                {
                    yield return new HeldTensor(held.Tensor.select(0, i)) { IsShared = true };
                }

                break;
            case string text:
                foreach (char c in text)
                {
                    yield return c.ToString();
                }

                break;
            default:
                throw place.Error($"{Values.Kind(source)} has nothing to iterate over");
        }
    }
}
