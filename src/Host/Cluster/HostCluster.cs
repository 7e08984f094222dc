using System.Net;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Cluster.Dispatch;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>A host's side of a cluster: its jobs go to the broker, its files to workers that ask for them.</summary>
internal sealed class HostCluster(ClusterSetup setup, DataDirectory data)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private volatile BundleClaimSource? _claims;
    private Uri? _public;

    /// <summary>Opens it, once it is known where the host listens.</summary>
    /// <param name="address">Where.</param>
    /// <exception cref="Storage.BundleException">The data directory cannot be written.</exception>
    internal IJobDispatcherFactory Open(Uri address)
    {
        _public = setup.PublicUrl ?? Reachable(address);
        var claims = new BundleClaimSource(
            new ClaimSourceOptions
            {
                Directory = data.Cluster,
                Blobs = new Uri(_public, BlobEndpoint.Path),
                SharedDirectory = setup.SharedDirectory,
            }
        );
        _claims = claims;
        return new ClusterDispatcherFactory(
            new HostClusterOptions
            {
                Address = setup.Address,
                Instance = data.Instance(),
                Claims = claims,
                DeviceKind = setup.DeviceKind,
            }
        );
    }

    /// <summary>Sees that the address that workers are told leads here.</summary>
    /// <returns>Null when it does; else one line.</returns>
    internal async Task<string?> CheckAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(new Uri(_public!, "healthz"), cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : Wrong($"it answers {(int)answer.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? null
                : Wrong(
                    exception is HttpRequestException ? exception.Message.ReplaceLineEndings(" ") : "no answer in time"
                );
        }

        string Wrong(string what) =>
            $"workers are told to fetch files from {_public}, which does not lead here ({what}): give --public-url as "
            + $"they reach this host";
    }

    /// <summary>The file that has some content; null where no job names it.</summary>
    internal string? PathOf(string sha256) => _claims?.PathOf(sha256);

    /// <summary>Whether workers may fetch the files of a checkpoint still.</summary>
    internal bool IsInUse(string run, long step) => _claims?.IsInUse(run, step) == true;

    // A host that listens everywhere is reached by its name.
    private static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = Dns.GetHostName() }.Uri : address;
}
