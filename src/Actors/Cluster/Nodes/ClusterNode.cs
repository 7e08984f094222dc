using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting.Logging;
using Akka.Remote.Transport.DotNetty;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// This process as a member of a cluster: an actor system of its own, with one actor that passes on what comes over the
/// network. The actors that do the work live in another system, which no message reaches and no split ends.
/// </summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(4);

    private readonly ActorSystem _system;
    private readonly RenewableCredentials _credentials;
    private readonly string _shown;

    private ClusterNode(ActorSystem system, IActorRef gate, RenewableCredentials credentials, string shown) =>
        (_system, Gate, _credentials, _shown) = (system, gate, credentials, shown);

    /// <summary>The actor to which other members send.</summary>
    public IActorRef Gate { get; }

    /// <summary>The address under which other members know this process.</summary>
    public Address Self => AkkaCluster.Get(_system).SelfAddress;

    /// <summary>
    /// Whether the certificate that it shows has been renewed: another node in its place would show the new one.
    /// </summary>
    public bool IsOutdated => _credentials.Current.Certificate.Thumbprint != _shown;

    /// <summary>Done when the node has ended, by itself or not.</summary>
    public Task Ended => _system.WhenTerminated;

    /// <summary>Becomes a member: joins as soon as a host is reached.</summary>
    /// <param name="options">Which cluster, and with what.</param>
    /// <param name="role">One of <see cref="NodeRole"/>.</param>
    /// <param name="owner">Is notified of messages, members and the end.</param>
    /// <param name="logs">Where logs go.</param>
    /// <exception cref="UserErrorException">The process cannot listen there.</exception>
    public static ClusterNode Start(NodeOptions options, string role, IActorRef owner, ILoggerFactory logs)
    {
        options.Listen.RequireFree();
        var logger = logs.CreateLogger<ClusterNode>();
        var shown = options.Credentials.Current.Certificate;
        var config = NodeConfiguration
            .Of(options, role)
            .WithFallback(
                Akka.Configuration.ConfigurationFactory.ParseString(
                    $"akka.loggers = [\"{typeof(LoggerFactoryLogger).AssemblyQualifiedName}\"]"
                )
            );
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(config),
            new LoggerFactorySetup(new NodeLogs(logs)),
            Tls(shown, options.Credentials, logger)
        );
        ActorSystem system;
        try
        {
            system = ActorSystem.Create(NodeConfiguration.SystemName, setup);
        }
        catch (AggregateException exception) when (Innermost(exception) is SocketException refused)
        {
            throw options.Listen.NotFree(refused);
        }

        var gate = system.ActorOf(ClusterGate.Props(owner, role, logger), NodeConfiguration.Gate);
        var cluster = AkkaCluster.Get(system);
        if (options.Join.Count == 0)
        {
            cluster.Join(cluster.SelfAddress);
        }

        var node = new ClusterNode(system, gate, options.Credentials, shown.Thumbprint);
        _ = system.WhenTerminated.ContinueWith(
            _ => owner.Tell(new NodeEnded(node), ActorRefs.NoSender),
            TaskScheduler.Default
        );
        return node;
    }

    /// <summary>The gate of the member at an address.</summary>
    public IActorRef GateAt(Address address) =>
        ((ExtendedActorSystem)_system).Provider.ResolveActorRef(
            new RootActorPath(address) / "user" / NodeConfiguration.Gate
        );

    /// <summary>Sends a message; nobody learns where it is lost.</summary>
    public void Send(IActorRef to, IWireMessage message) => to.Tell(message, Gate);

    /// <inheritdoc cref="Send(IActorRef, IWireMessage)"/>
    public void Send(IActorRef to, EncodedMessage message) => to.Tell(message, Gate);

    /// <summary>Takes itself out of the cluster, and ends.</summary>
    public void Down()
    {
        var cluster = AkkaCluster.Get(_system);
        cluster.Down(cluster.SelfAddress);
    }

    /// <summary>Leaves the cluster in order, for which there is a short time.</summary>
    public Task LeaveAsync() => WithinAsync(AkkaCluster.Get(_system).LeaveAsync());

    /// <summary>Ends at once; the others notice by the end of the connections.</summary>
    public async ValueTask DisposeAsync() => await WithinAsync(_system.Terminate()).ConfigureAwait(false);

    private static Exception Innermost(Exception exception) =>
        exception.InnerException is { } inner ? Innermost(inner) : exception;

    private static async Task WithinAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Leaving).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // The others notice that it is gone.
        }
    }

    // What this process shows is fixed until its node begins anew; whom it lets in follows the files at once.
    private static DotNettySslSetup Tls(X509Certificate2 shown, RenewableCredentials credentials, ILogger logger) =>
        new(
            shown,
            suppressValidation: false,
            requireMutualAuthentication: true,
            (certificate, _, peer, _, _) =>
            {
                if (new AuthorityTrust(credentials.Current.Authorities).WhyNot(certificate) is not { } why)
                {
                    return true;
                }

                NodeLog.Refused(logger, peer, certificate?.Subject ?? "–", why);
                return false;
            }
        );
}
