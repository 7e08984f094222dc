using System.Text;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Pickles by hand: pieces of opcodes that are joined.</summary>
internal static class PickleSketch
{
    internal static byte[] None => "N"u8.ToArray();

    internal static byte[] Pickle(params byte[][] pieces) => [0x80, 2, .. pieces.SelectMany(p => p), (byte)'.'];

    internal static byte[] Join(params byte[][] pieces) => [.. pieces.SelectMany(p => p)];

    internal static byte[] Ops(string opcodes) => Encoding.Latin1.GetBytes(opcodes);

    internal static byte[] Global(string module, string name) => Encoding.UTF8.GetBytes($"c{module}\n{name}\n");

    internal static byte[] Text(string text) =>
        [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    internal static byte[] Int(long number) => [0x8a, 8, .. BitConverter.GetBytes(number)];

    internal static byte[] Tuple(params byte[][] parts) => Join(Ops("("), Join(parts), Ops("t"));

    internal static byte[] List(params byte[][] parts) => Join(Ops("]("), Join(parts), Ops("e"));

    internal static byte[] Call(byte[] function, params byte[][] arguments) =>
        Join(function, Tuple(arguments), Ops("R"));

    /// <summary>A module of the class <c>__torch__.M</c> with these attributes: key, value, ….</summary>
    internal static byte[] Module(params byte[][] attributes) =>
        Join(Global("__torch__", "M"), Ops(")\u0081}("), Join(attributes), Ops("ub"));

    internal static byte[] Storage(string key, long count, string type = "FloatStorage") =>
        Join(Tuple(Text("storage"), Global("torch", type), Text(key), Text("cpu"), Int(count)), Ops("Q"));

    internal static byte[] Tensor(byte[] storage, long offset, long[] shape, long[] strides, bool gradient = false) =>
        Call(
            Global("torch._utils", "_rebuild_tensor_v2"),
            storage,
            Int(offset),
            Tuple([.. shape.Select(Int)]),
            Tuple([.. strides.Select(Int)]),
            gradient ? [0x88] : [0x89],
            Call(Global("collections", "OrderedDict"))
        );
}
