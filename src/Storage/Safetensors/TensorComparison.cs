using System.Buffers;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>Compares tensors of files by their bytes.</summary>
internal static class TensorComparison
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Whether two tensors of one type and count hold the same bytes.</summary>
    /// <exception cref="BundleException">A file has shrunk since it was opened, or cannot be read.</exception>
    public static bool AreEqual(SafetensorsFile file, TensorEntry tensor, SafetensorsFile otherFile, TensorEntry other)
    {
        byte[] left = ArrayPool<byte>.Shared.Rent(ChunkBytes),
            right = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long length = tensor.End - tensor.Begin;
            for (long done = 0; done < length; done += ChunkBytes)
            {
                int part = (int)Math.Min(ChunkBytes, length - done);
                file.ReadBytes(left.AsSpan(0, part), tensor.Begin + done);
                otherFile.ReadBytes(right.AsSpan(0, part), other.Begin + done);
                if (!left.AsSpan(0, part).SequenceEqual(right.AsSpan(0, part)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                file.Path,
                tensor.Name,
                $"cannot be read ({e.Message})",
                "check the disk or the network share",
                e
            );
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(left);
            ArrayPool<byte>.Shared.Return(right);
        }
    }
}
