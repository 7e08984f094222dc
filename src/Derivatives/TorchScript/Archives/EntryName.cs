using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Names of entries: all lie below one folder that PyTorch names after the file.</summary>
internal static class EntryName
{
    /// <summary>UTF-8 bytes of the longest name that is read.</summary>
    internal const int MaxLength = 1024;

    /// <summary>The name below the top folder, which the first entry sets.</summary>
    /// <exception cref="DerivativeException">It leaves the folder, or is none that PyTorch writes.</exception>
    internal static string BelowTopFolder(string path, ref string? folder, ArchiveFile file)
    {
        if (!IsPlain(path))
        {
            throw file.Damage(ArchiveFile.Quote(path), "is no name of an entry of a TorchScript file");
        }

        int slash = path.IndexOf('/', StringComparison.Ordinal);
        folder ??= slash < 0 ? "" : path[..slash];
        return slash > 0 && path.AsSpan(0, slash).SequenceEqual(folder)
            ? path[(slash + 1)..]
            : throw file.Damage(ArchiveFile.Quote(path), "does not lie in the file's one top folder");
    }

    private static bool IsPlain(string path)
    {
        if (path.Length is 0 or > MaxLength || path.Any(c => char.IsControl(c) || c is '\\' or ':'))
        {
            return false;
        }

        foreach (var part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[part] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
