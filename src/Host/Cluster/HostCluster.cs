using System.Net;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Hosts;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>A host's side of a cluster: its jobs go to workers, and its files to those that ask for them.</summary>
internal sealed class HostCluster(ClusterSetup setup, DataDirectory data, ILoggerFactory logs)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private volatile BundleClaimSource? _claims;
    private volatile ClusterDispatcherFactory? _dispatchers;
    private Uri? _public;

    /// <summary>Opens it, once it is known where the host listens.</summary>
    /// <param name="address">Where.</param>
    /// <exception cref="Storage.BundleException">The data directory cannot be written.</exception>
    /// <exception cref="Contracts.Errors.UserErrorException">The cluster's port is taken.</exception>
    internal IJobDispatcherFactory Open(Uri address)
    {
        // Before anything is begun: later it would be the failure of an actor.
        setup.Node.Listen.RequireFree();
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
        return _dispatchers = new ClusterDispatcherFactory(
            new ClusterHostOptions
            {
                Node = setup.Node,
                Instance = data.Instance(),
                Claims = claims,
                DeviceKind = setup.DeviceKind,
            },
            logs
        );
    }

    /// <summary>This host and its workers; null while it starts.</summary>
    /// <exception cref="Akka.Actor.AskTimeoutException">The host does not answer.</exception>
    internal async Task<ClusterReport?> ReportAsync() =>
        _dispatchers is { } dispatchers && await dispatchers.StatusAsync().ConfigureAwait(false) is { } status
            ? ClusterReport.Of(status)
            : null;

    /// <summary>Waits until the host's side has begun: from then on there is a report.</summary>
    internal Task BegunAsync(CancellationToken cancellation) => _dispatchers!.Begun.WaitAsync(cancellation);

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
