using System.Globalization;
using System.Text;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Writes archives as files that <c>torch.jit.load</c> reads.</summary>
internal static class ScriptArchiveWriter
{
    private const string Folder = "model";

    /// <summary>Writes a file.</summary>
    /// <exception cref="DerivativeException">A value has no place in a TorchScript file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Write(ScriptArchive archive, string path)
    {
        using var stream = File.Create(path);
        Write(archive, stream);
    }

    /// <summary>Writes to a stream, which need not seek and stays open.</summary>
    /// <exception cref="DerivativeException">A value has no place in a TorchScript file.</exception>
    internal static void Write(ScriptArchive archive, Stream stream)
    {
        LibTorch.Prepare();
        object?[] constants = [.. archive.Constants];
        var size = new ArchiveFile("the module", int.MaxValue);
        ValueGraph.Check(archive.Root, "its attributes", size);
        ValueGraph.Check(constants, "its constants", size);
        var zip = new ZipWriter(stream, Folder);
        var types = new DeclaredTypes(archive.Code);
        WriteValue(zip, archive.Root, "data", types);
        foreach (var (module, text) in archive.Code)
        {
            zip.Write($"code/{module.Replace('.', '/')}.py", Encoding.UTF8.GetBytes(text));
        }

        WriteValue(zip, constants, "constants", types);
        zip.Write("version", Encoding.UTF8.GetBytes(archive.Version.ToString(CultureInfo.InvariantCulture) + "\n"));
        zip.Write("byteorder", "little"u8.ToArray());
        zip.Finish();
    }

    private static void WriteValue(ZipWriter zip, object? value, string name, DeclaredTypes types)
    {
        using var scope = NewDisposeScope();
        var storages = new StorageWriter(ReachableTensors.Of(value));
        storages.Write(zip, name + "/");
        zip.Write(name + ".pkl", new PickleWriter(storages, types).Write(value));
    }
}
