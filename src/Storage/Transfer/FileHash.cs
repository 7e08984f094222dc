using System.Security.Cryptography;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>Names files by their content.</summary>
public static class FileHash
{
    /// <summary>The digits of a hash.</summary>
    public const int Digits = 64;

    private const int BufferBytes = 1 << 17;

    /// <summary>The claim of a file of a bundle.</summary>
    /// <param name="directory">The bundle's folder.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">It is gone, or cannot be read.</exception>
    public static BlobClaim Claim(string directory, string path)
    {
        try
        {
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1,
                FileOptions.SequentialScan
            );
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[BufferBytes];
            long bytes = 0;
            for (int read; (read = stream.Read(buffer)) > 0; bytes += read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return new BlobClaim(
                Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/'),
                Convert.ToHexStringLower(hash.GetHashAndReset()),
                bytes
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                path,
                null,
                $"cannot be read ({exception.Message})",
                "check that it exists and may be read",
                exception
            );
        }
    }

    /// <summary>Whether a text can be a hash; nothing else may become part of a path.</summary>
    public static bool IsHash(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);
}
