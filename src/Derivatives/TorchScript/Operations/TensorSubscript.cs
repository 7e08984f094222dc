using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Splits a subscript of a tensor into a view of it and index tensors that are applied to that.</summary>
internal static class TensorSubscript
{
    /// <summary>The view by integers, slices, <c>None</c> and <c>...</c>, and one index a dimension of the view where
    /// there are tensors among the subscripts; null where there are none.</summary>
    /// <exception cref="InvalidCastException">There are too many subscripts, or a kind that is none.</exception>
    internal static (Tensor View, List<object?>? Tensors) View(Tensor tensor, object? index)
    {
        object?[] items = index is object?[] several ? several : [index];
        long used = items.LongCount(item => item is long or SliceValue or bool or HeldTensor);
        if (used > tensor.dim())
        {
            throw new InvalidCastException($"{used} subscripts for a tensor of {tensor.dim()} dimensions");
        }

        var view = tensor.alias();
        List<object?> tensors = [];
        foreach (object? item in items)
        {
            switch (item)
            {
                case long at:
                    view = view.select(tensors.Count, at);
                    break;
                case SliceValue slice:
                    view = view.slice(tensors.Count, slice.Start ?? 0, slice.Stop ?? long.MaxValue, slice.Step);
                    tensors.Add(null);
                    break;
                case null:
                    view = view.unsqueeze(tensors.Count);
                    tensors.Add(null);
                    break;
                case Ellipsis:
                    tensors.AddRange(Enumerable.Repeat<object?>(null, (int)(tensor.dim() - used)));
                    break;
                case HeldTensor held:
                    tensors.Add(held);
                    break;
                default:
                    throw new InvalidCastException($"{Values.Kind(item)} is no subscript of a tensor");
            }
        }

        return (view, tensors.Exists(item => item is not null) ? tensors : null);
    }
}
