namespace CurvatureMonitor.Storage.Transfer;

/// <summary>Names files by their content.</summary>
public static class FileHash
{
    /// <summary>The digits of a hash.</summary>
    public const int Digits = 64;

    /// <summary>The claim of a file of a bundle.</summary>
    /// <param name="directory">The bundle's folder.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">It is gone, or cannot be read.</exception>
    public static BlobClaim Claim(string directory, string path)
    {
        (byte[] hash, long bytes) = FileDigest.Of(path);
        return new BlobClaim(
            Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/'),
            Convert.ToHexStringLower(hash),
            bytes
        );
    }

    /// <summary>Whether a text can be a hash; nothing else may become part of a path.</summary>
    public static bool IsHash(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);
}
