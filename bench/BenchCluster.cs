using System.Globalization;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Hosts;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Storage.Credentials;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Bench;

/// <summary>A cluster on loopback, with credentials of its own: one host at a time, which workers join.</summary>
internal sealed class BenchCluster
{
    private readonly Scratch _scratch;
    private readonly RenewableCredentials _credentials;
    private ClusterEndpoint _host = new("127.0.0.1", 1);
    private int _names;

    internal BenchCluster(Scratch scratch)
    {
        _scratch = scratch;
        using var authority = new TestAuthority();
        CredentialsFolder = authority.Write(Path.Combine(scratch.Folder, "credentials"));
        _credentials = new RenewableCredentials(CredentialsFolder, TimeProvider.System, _ => { });
    }

    /// <summary>What worker processes are started with.</summary>
    internal string CredentialsFolder { get; }

    /// <summary>The host that workers join.</summary>
    internal string Host => _host.ToString();

    /// <summary>A host; an instance of its own each time, so that what an earlier one left is nothing to it.</summary>
    internal IJobDispatcher Dispatcher(IClaimSource claims, DispatcherContext context)
    {
        _host = new ClusterEndpoint("127.0.0.1", FreePort.Find());
        return DispatcherAgain(claims, context);
    }

    /// <summary>A host in the place of the last.</summary>
    internal IJobDispatcher DispatcherAgain(IClaimSource claims, DispatcherContext context) =>
        new ClusterDispatcherFactory(
            new ClusterHostOptions
            {
                Node = new NodeOptions { Listen = _host, Credentials = _credentials },
                Instance = Guid.NewGuid().ToString("N"),
                Claims = claims,
            },
            NullLoggerFactory.Instance
        ).Create(context);

    /// <summary>A worker in this process that measures nothing.</summary>
    internal WorkerNode Worker(MemoryClaims claims) =>
        WorkerNode.Start(
            new WorkerNodeOptions
            {
                Node = new NodeOptions
                {
                    Listen = new ClusterEndpoint("127.0.0.1", 0),
                    Join = [_host],
                    Credentials = _credentials,
                },
                Name = string.Create(CultureInfo.InvariantCulture, $"worker-{++_names}"),
                AnswersDirectory = Path.Combine(_scratch.Folder, "answers"),
            },
            claims.CreateCache(),
            new EmptyAnalyzer(),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
}
