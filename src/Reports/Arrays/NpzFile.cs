using System.IO.Compression;

namespace CurvatureMonitor.Reports.Arrays;

/// <summary>
/// NumPy's <c>.npz</c>: a zip archive with one <c>.npy</c> an array, which <c>numpy.load</c> opens as a dictionary.
/// </summary>
internal static class NpzFile
{
    private const string Suffix = ".npy";

    // The earliest that a zip archive can say: equal results give equal files.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static void Write(Stream stream, IEnumerable<KeyValuePair<string, NpyArray>> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(name + Suffix, CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            using var content = entry.Open();
            array.Write(content);
        }
    }

    /// <summary>Reads the arrays of a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static Dictionary<string, NpyArray> Read(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            arrays[entry.FullName[..^Suffix.Length]] = NpyArray.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }

        return arrays;
    }
}
