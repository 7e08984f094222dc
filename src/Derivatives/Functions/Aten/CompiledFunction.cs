using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Devices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Functions.Aten;

/// <summary>
/// A function in TorchScript, compiled at its first call: the way to operations of libtorch that TorchSharp lacks. It
/// is called without the boxes and searches of TorchSharp's own call, from any thread. It is never freed.
/// </summary>
internal sealed unsafe class CompiledFunction
{
    private const sbyte OneTensor = 1;
    private const sbyte TensorTuple = 2;
    private const sbyte TensorList = 3;

    [ThreadStatic]
    private static TorchScriptValue* _results;

    [ThreadStatic]
    private static int _resultCapacity;

    [ThreadStatic]
    private static int _resultCount;

    private readonly Lazy<nint> _unit;

    /// <param name="source">The text: one function with the name <c>f</c>, which returns a tensor, a tuple of at least
    /// two tensors or a list of tensors.</param>
    internal CompiledFunction(string source) =>
        _unit = new(() =>
        {
            LibTorch.Prepare();
            nint unit = TorchScriptExports.Compile(source + "\n");
            CheckForErrors();
            return unit;
        });

    /// <summary>Calls a function of tensors that returns one.</summary>
    /// <param name="arguments">Null stands for <c>None</c>.</param>
    /// <returns>The result, in the current dispose scope.</returns>
    /// <exception cref="ExternalException">An operation failed.</exception>
    internal Tensor Call(params ReadOnlySpan<Tensor?> arguments)
    {
        var values = stackalloc TorchScriptValue[arguments.Length];
        Fill(values, arguments);
        Call(values, arguments.Length);
        return Tensor.UnsafeCreateTensor(_results[0].Value);
    }

    /// <summary>Calls a function of tensors that returns several.</summary>
    /// <param name="arguments">Null stands for <c>None</c>.</param>
    /// <returns>The results, in the current dispose scope; null for an undefined one.</returns>
    /// <exception cref="ExternalException">An operation failed.</exception>
    internal Tensor?[] CallMany(params ReadOnlySpan<Tensor?> arguments)
    {
        var values = stackalloc TorchScriptValue[arguments.Length];
        Fill(values, arguments);
        return CallMany(new ReadOnlySpan<TorchScriptValue>(values, arguments.Length));
    }

    /// <summary>Calls a function of any arguments that returns several tensors.</summary>
    internal Tensor?[] CallMany(ReadOnlySpan<TorchScriptValue> arguments)
    {
        fixed (TorchScriptValue* values = arguments)
        {
            Call(values, arguments.Length);
        }

        var tensors = new Tensor?[_resultCount];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = _results[i].Value == 0 ? null : Tensor.UnsafeCreateTensor(_results[i].Value);
        }

        return tensors;
    }

    /// <summary>Tensors as the elements of a list.</summary>
    internal static void Fill(TorchScriptValue* values, ReadOnlySpan<Tensor?> tensors)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            values[i] = tensors[i] is { } tensor ? TorchScriptValue.Tensor(tensor.Handle) : TorchScriptValue.None;
        }
    }

    private void Call(TorchScriptValue* arguments, int count)
    {
        sbyte type;
        _resultCount = 0;
        ReadOnlySpan<byte> name = "f\0"u8;
        fixed (byte* text = name)
        {
            TorchScriptExports.Invoke(_unit.Value, text, arguments, count, &Allocate, &type, 0);
        }

        CheckForErrors();
        if (type is not (OneTensor or TensorTuple or TensorList))
        {
            throw new InvalidOperationException($"a TorchScript function returned a value of type {type}");
        }
    }

    [UnmanagedCallersOnly]
    private static TorchScriptValue* Allocate(int index, nuint count)
    {
        if ((int)count > _resultCapacity)
        {
            _results = (TorchScriptValue*)NativeMemory.Realloc(_results, count * (nuint)sizeof(TorchScriptValue));
            _resultCapacity = (int)count;
        }

        _resultCount = (int)count;
        return _results;
    }
}
