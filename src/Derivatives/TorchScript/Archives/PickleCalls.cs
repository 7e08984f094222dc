using System.Text.RegularExpressions;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The few calls that a pickle may make (opcode REDUCE), each with its arguments checked.</summary>
/// <param name="storages">Makes tensors.</param>
/// <param name="input">Says where a fault is, and counts memory and work.</param>
internal sealed partial class PickleCalls(StorageTable storages, PickleInput input)
{
    private const int DictionaryCost = 256;

    /// <summary>The value of <paramref name="function"/> at <paramref name="arguments"/>.</summary>
    /// <exception cref="DerivativeException">An argument does not fit, or the global is no function.</exception>
    internal object? Call(PickleGlobal function, object?[] arguments) =>
        (function.Name, arguments) switch
        {
            (PickleGlobals.OrderedDict, []) => NewDictionary(),
            (
                PickleGlobals.RebuildTensor,
                [StorageReference storage, long offset, object?[] shape, object?[] strides, bool gradient, _, ..]
            ) when arguments.Length <= 7 => storages.View(
                storage,
                new TensorPlace(offset, Integers(shape), Integers(strides)),
                gradient,
                input.Place
            ),
            (PickleGlobals.RebuildParameter, [Tensor tensor, bool gradient, _]) => Parameter(tensor, gradient),
            (PickleGlobals.IntList, [List<object?> list]) => ListOf<long>(list),
            (PickleGlobals.DoubleList, [List<object?> list]) => ListOf<double>(list),
            (PickleGlobals.BoolList, [List<object?> list]) => ListOf<bool>(list),
            (PickleGlobals.TensorList, [List<object?> list]) => ListOf<Tensor>(list),
            (PickleGlobals.TypeTag, [var value, string]) => value,
            (PickleGlobals.Device, [string name]) => DeviceOf(name),
            _ => throw input.Damage($"a call of {ArchiveFile.Quote(function.Name)} does not fit"),
        };

    /// <summary>The storage of a persistent id: ("storage", class, key, device, count).</summary>
    internal StorageReference Storage(object? id)
    {
        input.Charge(64);
        return
            id is object?[] and ["storage", PickleGlobal kind, string key, string, long count]
            && ElementTypes.FromStorage(kind.Name) is { } type
            ? new StorageReference(key, type, count)
            : throw input.Damage("a reference to a storage does not fit");
    }

    /// <summary>An empty dictionary.</summary>
    internal OrderedDictionary<object, object?> NewDictionary()
    {
        input.Charge(DictionaryCost);
        return [];
    }

    // Values are counted as work: the same list may be asked for again and again.
    private List<object?> ListOf<T>(List<object?> list)
    {
        input.Charge(list.Count);
        return list.TrueForAll(value => value is T)
            ? list
            : throw input.Damage($"a list of {typeof(T).Name} holds something else");
    }

    private Tensor Parameter(Tensor tensor, bool gradient)
    {
        if (gradient && !ElementTypes.IsFloating(tensor.dtype))
        {
            throw input.Damage($"a parameter of {tensor.dtype} asks for a gradient");
        }

        tensor.requires_grad = gradient;
        return tensor;
    }

    private Device DeviceOf(string name) =>
        DeviceName().IsMatch(name) ? new Device(name) : throw input.Damage("the name of a device does not fit");

    private long[] Integers(object?[] values)
    {
        input.Charge(24 + (8L * values.Length));
        return Array.ConvertAll(
            values,
            value => value is long number ? number : throw input.Damage("a shape or a stride is no whole number")
        );
    }

    [GeneratedRegex(@"^(cpu|cuda|mps|meta|xla|hip|xpu)(:\d{1,3})?\z")]
    private static partial Regex DeviceName();
}
