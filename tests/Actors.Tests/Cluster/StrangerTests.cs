using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Storage.Credentials;
using AkkaCluster = Akka.Cluster.Cluster;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Processes that do not belong to the cluster: none gets in, nothing is run, and the host stays up.</summary>
public sealed class StrangerTests : WorkerScenario
{
    private string Host => $"akka.ssl.tcp://curvature@{Cluster.First}";

    [Fact]
    public async Task A_stranger_with_a_certificate_of_another_authority_does_not_get_in()
    {
        using var other = new TestAuthority();
        using var foreign = Certificate(other, days: 10);
        await RefusedAsync(foreign, "is not from the cluster's authority");
    }

    [Fact]
    public async Task A_stranger_whose_certificate_is_valid_no_longer_does_not_get_in()
    {
        using var stale = Certificate(Cluster.Authority, days: -1);
        await RefusedAsync(stale, "is valid no longer");
    }

    [Fact]
    public async Task A_stranger_without_a_certificate_gets_no_answer()
    {
        using var client = new TcpClient(Cluster.First!.Host, Cluster.First.Port);
        using var stream = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        using var patience = new CancellationTokenSource(Until.Patience);
        try
        {
            var options = new SslClientAuthenticationOptions { TargetHost = "curvature" };
            await stream.AuthenticateAsClientAsync(options, patience.Token);
            Assert.Equal(0, await stream.ReadAsync(new byte[1], patience.Token));
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The host has closed the connection.
        }

        await WorksAsync();
    }

    [Fact]
    public async Task A_stranger_that_speaks_no_tls_gets_no_answer()
    {
        using var client = new TcpClient(Cluster.First!.Host, Cluster.First.Port);
        var stream = client.GetStream();
        await stream.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var patience = new CancellationTokenSource(Until.Patience);
        try
        {
            while (await stream.ReadAsync(new byte[64], patience.Token) > 0)
            {
                // An alert of TLS, at most.
            }
        }
        catch (IOException)
        {
            // The host has closed the connection.
        }

        await WorksAsync();
    }

    [Fact]
    public async Task Whoever_has_a_certificate_can_run_nothing_by_messages_that_are_none_of_the_clusters()
    {
        var stranger = Start(Cluster.Credentials.Current.Certificate);
        var gate = ((ExtendedActorSystem)stranger).Provider.ResolveActorRef($"{Host}/user/gate");
        int sprung = Trap.Sprung;
        gate.Tell(new Trap { Text = "set once here" });
        gate.Tell(new Forged("do_job/9", "{}"));
        gate.Tell(new Forged("answer_sent/1", "{\"answer\":{\"$type\":\"Process\"}}"));
        gate.Tell(new Forged(typeof(Trap).AssemblyQualifiedName!, "{\"Text\":\"x\"}"));
        gate.Tell("text");
        gate.Tell(PoisonPill.Instance);
        gate.Tell(Kill.Instance);
        var deploy = new Deploy(new RemoteScope(Address.Parse(Host)));
        stranger.ActorOf(Props.Create<TrapActor>().WithDeploy(deploy));

        // In order on one connection: what came before is dealt with when this has an effect.
        gate.Tell(new WorkerWelcome("no worker"), stranger.DeadLetters);
        await WorksAsync();
        Assert.Equal((sprung + 1, 0), (Trap.Sprung, TrapActor.Started));
        await stranger.Terminate();
    }

    private async Task RefusedAsync(X509Certificate2 certificate, string reason)
    {
        var stranger = Start(certificate);
        AkkaCluster.Get(stranger).Join(Address.Parse(Host));
        await Desk.Log.SaysAsync(reason);
        await WorksAsync();
        Assert.DoesNotContain(
            AkkaCluster.Get(stranger).State.Members,
            member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp
        );
        await stranger.Terminate();
    }

    private async Task WorksAsync()
    {
        Cluster.KeepWorker(Quick());
        var id = Desk.Offer("a", 1);
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        await Desk.Quiet();
    }

    private X509Certificate2 Certificate(TestAuthority authority, double days)
    {
        string folder = authority.Write(Path.Combine(Cluster.Folder, "stranger"), days);
        return X509Certificate2.CreateFromPemFile(
            Path.Combine(folder, CredentialFiles.Certificate),
            Path.Combine(folder, CredentialFiles.Key)
        );
    }

    private static ActorSystem Start(X509Certificate2 certificate) =>
        ActorSystem.Create(
            "curvature",
            ActorSystemSetup.Create(
                BootstrapSetup.Create().WithConfig(Settings),
                new DotNettySslSetup(certificate, suppressValidation: true, requireMutualAuthentication: true)
            )
        );

    private static readonly Config Settings = ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          coordinated-shutdown.run-by-actor-system-terminate = off
          actor {
            provider = cluster
            serializers.forged = "{{typeof(ForgedSerializer).AssemblyQualifiedName}}"
            serialization-bindings { "{{typeof(Forged).AssemblyQualifiedName}}" = forged }
          }
          remote.dot-netty.tcp {
            hostname = 127.0.0.1
            port = 0
            enable-ssl = on
          }
        }
        """
    );
}
