using CurvatureMonitor.Derivatives.TorchScript.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// The arguments of a generic call in the order of the compiled function's parameters, and what must be the same for
/// that function to fit. Numbers in lists are parameters of their own: a size that changes needs no new function.
/// </summary>
internal sealed class GenericArguments : IDisposable
{
    private List<Scalar>? _scalars;

    internal GenericArguments(object?[] values)
    {
        foreach (object? value in values)
        {
            Add(value);
        }
    }

    /// <summary>The values of the parameters.</summary>
    internal List<object> Values { get; } = new(8);

    /// <summary>The kind of each part of an argument: a function that was compiled for equal kinds fits.</summary>
    internal List<object> Kinds { get; } = new(8);

    /// <summary>Whether a list is one parameter: tensors, at least one.</summary>
    internal static bool IsTensorList(List<object?> list) =>
        list.Count > 0 && list.TrueForAll(item => item is HeldTensor);

    /// <inheritdoc/>
    public void Dispose() => _scalars?.ForEach(scalar => scalar.Dispose());

    private void Add(object? value)
    {
        switch (value)
        {
            case HeldTensor held:
                Kinds.Add(Kind.Tensor);
                Values.Add(held.Tensor);
                break;
            case long integer:
                Kinds.Add(Kind.Integer);
                Add(integer.ToScalar());
                break;
            case double real:
                Kinds.Add(Kind.Real);
                Add(real.ToScalar());
                break;
            case bool truth:
                Kinds.Add(Kind.Truth);
                Values.Add(truth);
                break;
            case List<object?> list when IsTensorList(list):
                Kinds.Add(Kind.Tensors);
                Values.Add(list.Select(item => ((HeldTensor)item!).Tensor).ToArray());
                break;
            case List<object?> list:
                Add(Kind.List, list);
                break;
            case object?[] tuple:
                Add(Kind.Tuple, tuple);
                break;
            default:
                Kinds.Add(value switch
                {
                    null => Kind.None,
                    string text => text,
                    Device device => device.ToString(),
                    _ => value,
                });
                break;
        }
    }

    private void Add(Kind kind, IReadOnlyCollection<object?> items)
    {
        Kinds.Add(kind);
        foreach (object? item in items)
        {
            Add(item);
        }

        Kinds.Add(Kind.End);
    }

    // Held here, since nothing else keeps it from being collected while libtorch reads it.
    private void Add(Scalar scalar)
    {
        (_scalars ??= []).Add(scalar);
        Values.Add(scalar);
    }

    private sealed class Kind
    {
        internal static readonly Kind Tensor = new();
        internal static readonly Kind Integer = new();
        internal static readonly Kind Real = new();
        internal static readonly Kind Truth = new();
        internal static readonly Kind Tensors = new();
        internal static readonly Kind None = new();
        internal static readonly Kind List = new();
        internal static readonly Kind Tuple = new();
        internal static readonly Kind End = new();
    }
}
