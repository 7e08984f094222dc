using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Aten;

/// <summary>An argument or a result of a TorchScript function, as libLibTorchSharp passes it.</summary>
/// <param name="type">0 a tensor, 2 a bool, 5 a list of tensors, 8 none.</param>
/// <param name="count">The length of a list.</param>
/// <param name="value">A handle, 0 or 1, or the address of a list's values.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TorchScriptValue(long type, long count, nint value)
{
    internal readonly long Type = type;
    internal readonly long Count = count;
    internal readonly nint Value = value;

    internal static TorchScriptValue None => new(8, 0, 0);

    internal static TorchScriptValue Tensor(nint handle) => new(0, 0, handle);

    internal static TorchScriptValue Bool(bool value) => new(2, 0, value ? 1 : 0);

    internal static unsafe TorchScriptValue List(TorchScriptValue* values, int count) => new(5, count, (nint)values);
}
