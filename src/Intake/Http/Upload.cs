using System.Buffers;

namespace CurvatureMonitor.Intake.Http;

/// <summary>Takes in what is sent, piece by piece, without ever holding it in memory as a whole.</summary>
internal static class Upload
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a body to a new file, and to the disk.</summary>
    /// <param name="body">What is sent.</param>
    /// <param name="path">The file, which must not be there.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="cancellation">The client has gone.</param>
    /// <exception cref="IntakeProblem">It is larger.</exception>
    internal static async Task ToFileAsync(
        Stream body,
        string path,
        long limit,
        string what,
        CancellationToken cancellation
    )
    {
        var file = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 1,
            FileOptions.Asynchronous
        );
        await using (file.ConfigureAwait(false))
        {
            await CopyAsync(body, limit, what, (bytes, token) => file.WriteAsync(bytes, token), cancellation)
                .ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Reads a body and lets it go.</summary>
    /// <inheritdoc cref="ToFileAsync"/>
    internal static Task DrainAsync(Stream body, long limit, string what, CancellationToken cancellation) =>
        CopyAsync(body, limit, what, (_, _) => ValueTask.CompletedTask, cancellation);

    /// <summary>Whether two files hold the same bytes.</summary>
    internal static async Task<bool> AreEqualAsync(string first, string second, CancellationToken cancellation)
    {
        using var one = File.OpenRead(first);
        using var other = File.OpenRead(second);
        if (one.Length != other.Length)
        {
            return false;
        }

        byte[] left = new byte[BufferBytes],
            right = new byte[BufferBytes];
        int read;
        while (
            (
                read = await one.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false, cancellation)
                    .ConfigureAwait(false)
            ) > 0
        )
        {
            int also = await other
                .ReadAtLeastAsync(right, right.Length, throwOnEndOfStream: false, cancellation)
                .ConfigureAwait(false);
            if (!left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, also)))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task CopyAsync(
        Stream body,
        long limit,
        string what,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        CancellationToken cancellation
    )
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                total += read;
                if (total > limit)
                {
                    throw IntakeProblem.TooLarge(what, limit);
                }

                await write(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
