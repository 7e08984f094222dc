using System.Security.Cryptography;

namespace CurvatureMonitor.Storage;

/// <summary>The content of a file in one pass: its SHA-256, and how many bytes that is of.</summary>
/// <param name="Sha256">The 32 bytes of the hash.</param>
/// <param name="Bytes">The bytes read.</param>
internal sealed record FileDigest(byte[] Sha256, long Bytes)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Reads a file that others may write or remove meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">It is gone, or cannot be read.</exception>
    public static FileDigest Of(string path)
    {
        try
        {
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                BufferBytes,
                FileOptions.SequentialScan
            );
            byte[] hash = SHA256.HashData(stream);
            return new FileDigest(hash, stream.Position);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw BundleException.Unreadable(path, exception);
        }
    }
}
