using System.Globalization;
using System.Text;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Reads a TorchScript file, as <c>torch.jit.save</c> writes it, as data: nothing of it is run, and nothing that it
/// holds can make the reader allocate more than a multiple of the file's size.
/// </summary>
internal static class ScriptArchiveReader
{
    private const long NewestFormat = 10;
    private const string CodeFolder = "code/";
    private const string CodeExtension = ".py";
    private const string Data = "data.pkl";
    private const string Constants = "constants.pkl";
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <returns>The archive; the caller disposes it.</returns>
    /// <exception cref="DerivativeException">It cannot be opened, or is no TorchScript module that can be read; the
    /// message names file, place and problem.</exception>
    internal static ScriptArchive Read(string path)
    {
        FileStream stream;
        try
        {
            stream = File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ArchiveFile(path, 0).Refusal("", $"cannot be opened: {ArchiveFile.Quote(exception.Message)}");
        }

        using (stream)
        {
            return Read(stream, path);
        }
    }

    /// <summary>Reads a file that is open.</summary>
    /// <param name="stream">Can seek; it stays open.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>The archive; the caller disposes it.</returns>
    /// <exception cref="DerivativeException">It is no TorchScript module that can be read; the message names file,
    /// place and problem.</exception>
    internal static ScriptArchive Read(Stream stream, string name = "the module")
    {
        LibTorch.Prepare();
        var file = new ArchiveFile(name, stream.Length);
        List<Tensor> tensors = [];
        try
        {
            var archive = Read(new ZipContents(stream, file), file, tensors);
            tensors = [];
            return archive;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw file.Damage("", ArchiveFile.Quote(exception.Message));
        }
        catch (Exception exception) when (exception is not DerivativeException)
        {
            throw LibTorchError.Translate(exception);
        }
        finally
        {
            tensors.ForEach(tensor => tensor.Dispose());
        }
    }

    private static ScriptArchive Read(ZipContents contents, ArchiveFile file, List<Tensor> tensors)
    {
        if (contents.Find(Data) is null || contents.Find(Constants) is null)
        {
            throw file.Refusal(
                "",
                "holds no TorchScript module, as if torch.save or PyTorch before 1.4 had written it: save the model by "
                    + "torch.jit.script(model).save(path)"
            );
        }

        CheckByteOrder(contents, file);
        long version = ReadVersion(contents, file);
        var code = ReadCode(contents, file);
        object? constants = Unpickle(contents, file, tensors, Constants, ["constants/"]);
        object? root = Unpickle(contents, file, tensors, Data, ["data/", "tensors/"]);
        return new ScriptArchive(
            root as ScriptObject ?? throw file.Damage(Data, "holds no module"),
            code,
            constants as object?[] ?? throw file.Damage(Constants, "holds no list of constants"),
            tensors
        )
        {
            Version = version,
        };
    }

    private static object? Unpickle(
        ZipContents contents,
        ArchiveFile file,
        List<Tensor> tensors,
        string entry,
        string[] folders
    ) =>
        RestrictedUnpickler.Read(
            contents.ReadBytes(entry),
            entry,
            new StorageTable(folders, contents, file, tensors),
            file
        );

    private static void CheckByteOrder(ZipContents contents, ArchiveFile file)
    {
        if (contents.Find("byteorder") is not null && ReadText(contents, file, "byteorder").Trim() is not "little")
        {
            throw file.Refusal("byteorder", "is not 'little': save the module on a little-endian machine");
        }
    }

    // PyTorch writes it below .data where operations of the module need more than the oldest format.
    private static long ReadVersion(ZipContents contents, ArchiveFile file)
    {
        string entry = contents.Find(".data/version") is null ? "version" : ".data/version";
        string text = ReadText(contents, file, entry).Trim();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) || version < 1)
        {
            throw file.Damage(entry, $"'{ArchiveFile.Quote(text)}' is no version of the format");
        }

        return version <= NewestFormat
            ? version
            : throw file.Refusal(entry, $"format {version} is newer than {NewestFormat}, the newest that is known");
    }

    private static Dictionary<string, string> ReadCode(ZipContents contents, ArchiveFile file)
    {
        var code = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in contents.Names)
        {
            if (
                name.StartsWith(CodeFolder, StringComparison.Ordinal)
                && name.EndsWith(CodeExtension, StringComparison.Ordinal)
            )
            {
                string module = name[CodeFolder.Length..^CodeExtension.Length].Replace('/', '.');
                if (!code.TryAdd(module, ReadText(contents, file, name)))
                {
                    throw file.Damage(ArchiveFile.Quote(name), "is the text of a module that another entry has");
                }
            }
        }

        return code;
    }

    private static string ReadText(ZipContents contents, ArchiveFile file, string name)
    {
        byte[] bytes = contents.ReadBytes(name);
        file.Charge(ArchiveFile.Quote(name), 2L * bytes.Length);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw file.Damage(ArchiveFile.Quote(name), "is not UTF-8");
        }
    }
}
