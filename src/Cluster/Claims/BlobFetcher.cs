using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace CurvatureMonitor.Cluster.Claims;

/// <summary>
/// Gets files by the hash of their content, from a shared folder or over HTTP, and checks the hash while they come.
/// </summary>
internal sealed class BlobFetcher : IDisposable
{
    private const int BufferBytes = 1 << 17;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly ClaimCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    internal BlobFetcher(ClaimCacheOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Token is { } token)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Writes a file whose content is what was promised.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="claim">What.</param>
    /// <param name="path">The file, which must not be there; what is left in it after a failure is nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClaimException">It is gone, cannot be reached, or has another content.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal async Task FetchAsync(Uri source, BlobClaim claim, string path, CancellationToken cancellation)
    {
        var target = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 1,
            FileOptions.Asynchronous
        );
        await using (target.ConfigureAwait(false))
        {
            using var transfer = new Transfer(target, claim, source);
            if (source.IsFile)
            {
                await CopyAsync(transfer, cancellation).ConfigureAwait(false);
            }
            else
            {
                await DownloadAsync(transfer, cancellation).ConfigureAwait(false);
            }

            transfer.Check();
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task CopyAsync(Transfer transfer, CancellationToken cancellation)
    {
        string folder = transfer.Source.LocalPath;
        try
        {
            var stream = new FileStream(
                Path.Combine(folder, transfer.Claim.Name),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1,
                FileOptions.Asynchronous
            );
            await using (stream.ConfigureAwait(false))
            {
                await transfer.TakeAsync(stream, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A share that is not mounted is no reason to say that what is on it is gone.
            string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
            bool gone = Directory.Exists(folder) || Directory.Exists(parent);
            throw transfer.Failure(
                gone
                    ? "it is not there"
                    : $"the folder {folder} is not on this machine: mount it under the same path as on the host",
                gone,
                exception
            );
        }
        catch (Exception exception)
            when (exception is (IOException and not WriteException) or UnauthorizedAccessException)
        {
            throw transfer.Failure(exception.Message, isMissing: false, exception);
        }
    }

    private async Task DownloadAsync(Transfer transfer, CancellationToken cancellation)
    {
        long lastProgress = _time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            long before = transfer.Taken;
            string problem;
            Exception? cause = null;
            try
            {
                if (await AskAsync(transfer, cancellation).ConfigureAwait(false) is not { } answer)
                {
                    return;
                }

                problem = answer;
            }
            catch (Exception exception)
                when (!cancellation.IsCancellationRequested
                    && exception
                        is HttpRequestException
                            or OperationCanceledException
                            or (IOException and not WriteException)
                )
            {
                problem =
                    exception is OperationCanceledException
                        ? $"the host sent nothing for {_options.IdleTimeout.TotalSeconds:0} s"
                        : exception.Message.ReplaceLineEndings(" ");
                cause = exception;
            }

            if (transfer.Taken > before)
            {
                lastProgress = _time.GetTimestamp();
                pause = FirstPause;
            }

            if (_time.GetElapsedTime(lastProgress) + pause > _options.Patience)
            {
                throw transfer.Failure(problem, isMissing: false, cause, isHostAway: true);
            }

            await Task.Delay(pause, _time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Null once everything is there; else why it is worth another try.
    private async Task<string?> AskAsync(Transfer transfer, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(transfer.Source, transfer.Claim.Sha256));
        if (transfer.Taken > 0)
        {
            request.Headers.Range = new RangeHeaderValue(transfer.Taken, null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.ConnectTimeout + _options.IdleTimeout);
        using var response = await _client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token)
            .ConfigureAwait(false);
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                transfer.Restart();
                break;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == transfer.Taken:
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                return null;
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw transfer.Failure("the host has it no longer", isMissing: true);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw transfer.Failure(
                    "the host asks for its token: give the worker the same with --token-file, or CURVATURE_TOKEN",
                    isMissing: false
                );
            case HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError:
                return Answered(response);
            default:
                throw transfer.Failure(Answered(response), isMissing: false);
        }

        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await transfer.TakeAsync(body, _options.IdleTimeout, cancellation).ConfigureAwait(false);
        }

        // A connection that breaks throws: this is the end of the host's file, be it too soon.
        return null;
    }

    private static string Answered(HttpResponseMessage response) =>
        $"the host answered {(int)response.StatusCode} {response.ReasonPhrase}";

    /// <summary>The worker's own disk failed, and not the source.</summary>
    private sealed class WriteException(IOException inner) : IOException(inner.Message, inner);

    /// <summary>A file on its way, as far as it has come.</summary>
    private sealed class Transfer(FileStream target, BlobClaim claim, Uri source) : IDisposable
    {
        private const UriComponents AddressAlone = UriComponents.SchemeAndServer | UriComponents.Path;

        private readonly byte[] _buffer = new byte[BufferBytes];
        private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public BlobClaim Claim { get; } = claim;

        public Uri Source { get; } = source;

        public long Taken { get; private set; }

        public void Restart()
        {
            if (Taken > 0)
            {
                target.SetLength(0);
                target.Position = 0;
                _hash.Dispose();
                _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Taken = 0;
            }
        }

        public async Task TakeAsync(Stream body, TimeSpan idle, CancellationToken cancellation)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            while (true)
            {
                patience.CancelAfter(idle);
                int read = await body.ReadAsync(_buffer, patience.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                Taken += read;
                if (Taken > Claim.Bytes)
                {
                    throw Failure($"it has more than the {Claim.Bytes} bytes that were promised", isMissing: false);
                }

                _hash.AppendData(_buffer, 0, read);
                try
                {
                    await target.WriteAsync(_buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
                catch (IOException exception)
                {
                    throw new WriteException(exception);
                }
            }
        }

        public void Check()
        {
            if (Taken != Claim.Bytes)
            {
                throw Failure(
                    $"it has {Taken} bytes where {Claim.Bytes} were promised: it was changed after the job was "
                        + $"offered, or is damaged",
                    isMissing: false
                );
            }

            if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != Claim.Sha256)
            {
                throw Failure(
                    "its content is not what was promised: it was changed after the job was offered, or is damaged",
                    isMissing: false
                );
            }

            target.Flush(flushToDisk: false);
        }

        public ClaimException Failure(string what, bool isMissing, Exception? cause = null, bool isHostAway = false) =>
            new(
                $"{Claim.Name} from {Source.GetComponents(AddressAlone, UriFormat.UriEscaped)}: {what}",
                isMissing,
                cause,
                isHostAway
            );

        public void Dispose() => _hash.Dispose();
    }
}
