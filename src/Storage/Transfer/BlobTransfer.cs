using System.Security.Cryptography;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>A file on its way, as far as it has come.</summary>
internal sealed class BlobTransfer(FileStream target, BlobClaim claim, Uri source) : IDisposable
{
    private const int BufferBytes = 1 << 17;
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
                throw new BlobWriteException(exception);
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
