using System.Net;
using System.Net.Http.Headers;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>
/// Gets files by the hash of their content, from a shared folder or over HTTP, and checks the hash while they come.
/// </summary>
public sealed class BlobFetcher : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly ClaimCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <summary>Prepares the connection to hosts.</summary>
    /// <param name="options">How long to wait, and with which token.</param>
    /// <param name="time">The clock.</param>
    public BlobFetcher(ClaimCacheOptions options, TimeProvider time)
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
    public async Task FetchAsync(Uri source, BlobClaim claim, string path, CancellationToken cancellation)
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
            using var transfer = new BlobTransfer(target, claim, source);
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

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task CopyAsync(BlobTransfer transfer, CancellationToken cancellation)
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
            when (exception is (IOException and not BlobWriteException) or UnauthorizedAccessException)
        {
            throw transfer.Failure(exception.Message, isMissing: false, exception);
        }
    }

    private async Task DownloadAsync(BlobTransfer transfer, CancellationToken cancellation)
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
                            or (IOException and not BlobWriteException)
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

            if (_time.GetElapsedTime(lastProgress) + pause > _options.Timeout)
            {
                throw transfer.Failure(problem, isMissing: false, cause, isHostAway: true);
            }

            await Task.Delay(pause, _time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Null once everything is there; else why it is worth another try.
    private async Task<string?> AskAsync(BlobTransfer transfer, CancellationToken cancellation)
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
}
