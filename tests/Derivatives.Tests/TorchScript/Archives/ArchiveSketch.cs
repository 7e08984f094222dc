using System.Text;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Files around a pickle by hand.</summary>
internal static class ArchiveSketch
{
    internal const string Code = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n";

    /// <summary>A file as PyTorch 2 writes it: this data.pkl, and <c>data/0</c> of six floats.</summary>
    internal static ZipSketch Zip(byte[] data)
    {
        byte[] floats = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];
        return new ZipSketch
        {
            UseZip64 = true,
            Entries =
            [
                new("model/data.pkl", data),
                new("model/byteorder", "little"u8.ToArray()) { Padding = 31 },
                new("model/data/0", floats) { Padding = 17 },
                new("model/code/__torch__.py", Encoding.UTF8.GetBytes(Code)) { Deflate = true, Padding = 5 },
                new("model/code/__torch__.py.debug_pkl", [1, 2, 3]) { Deflate = true },
                new("model/constants.pkl", PickleSketch.Pickle(PickleSketch.Ops(")"))),
                new("model/version", "3\n"u8.ToArray()),
                new("model/.data/serialization_id", "0636457737946401051300000007891011121314"u8.ToArray()),
            ],
        };
    }

    internal static ScriptArchive Read(byte[] file) => ScriptArchiveReader.Read(new MemoryStream(file), "m.pt");

    /// <summary>Reads a file with this module, whose attribute <c>a</c> is the value.</summary>
    internal static ScriptArchive ReadValue(byte[] value) =>
        Read(Zip(PickleSketch.Pickle(PickleSketch.Module(PickleSketch.Text("a"), value))).Bytes());

    /// <summary>The message of a refusal, which is one line of bounded length that names the file.</summary>
    internal static string Refusal(byte[] file)
    {
        var thrown = Assert.Throws<DerivativeException>(() => Read(file).Dispose());
        Assert.Equal(DerivativeErrorKind.InvalidArgument, thrown.Kind);
        Assert.DoesNotContain('\n', thrown.Message);
        Assert.StartsWith("m.pt: ", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(thrown.Message.Length, 10, 500);
        return thrown.Message;
    }

    internal static string RefusalOfValue(byte[] value) =>
        Refusal(Zip(PickleSketch.Pickle(PickleSketch.Module(PickleSketch.Text("a"), value))).Bytes());

    /// <summary>Bytes that the action allocates on this thread, garbage among them.</summary>
    internal static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Most that reading a file of this size may allocate.</summary>
    internal static long Limit(long size) => (size * ArchiveFile.BytesPerByte) + ArchiveFile.FreeBytes + (4 << 20);
}
