using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>Credentials of a host and its own workers, which live as long as its process.</summary>
public sealed class LoopbackCredentialsTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("loopback-test-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task Host_and_worker_know_each_other_by_TLS_in_both_directions()
    {
        using var loopback = LoopbackCredentials.Create(TimeProvider.System, _parent);
        var host = MemberCredentials.Load(loopback.Host, TimeProvider.System);
        var worker = MemberCredentials.Load(loopback.Worker, TimeProvider.System);
        Assert.Null(host.Warning(TimeProvider.System));
        await AssertConnectsAsync(host, worker);
        await AssertConnectsAsync(worker, host);
    }

    [Fact]
    public void Nothing_is_left_and_nobody_has_the_authoritys_key()
    {
        using (LoopbackCredentials.Create(TimeProvider.System, _parent))
        {
            string[] keys = [.. Directory.EnumerateFiles(_parent, "*.key", SearchOption.AllDirectories)];
            Assert.All(keys, key => Assert.EndsWith("/member.key", key, StringComparison.Ordinal));
            Assert.Equal(2, keys.Length);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent));
    }

    [Fact]
    public void What_a_dead_process_left_is_removed_and_what_a_living_one_uses_is_not()
    {
        using var living = LoopbackCredentials.Create(TimeProvider.System, _parent);
        string dead = Path.Combine(_parent, "curvature-loopback-dead");
        Directory.CreateDirectory(Path.Combine(dead, "host"));
        File.WriteAllText(Path.Combine(dead, "host", "member.key"), "secret");
        File.WriteAllText(dead + ".lock", "");
        string alone = Path.Combine(_parent, "curvature-loopback-alone.lock");
        File.WriteAllText(alone, "");
        File.SetLastWriteTimeUtc(alone, DateTime.UtcNow.AddHours(-1));
        using (LoopbackCredentials.Create(TimeProvider.System, _parent))
        {
            Assert.False(Path.Exists(dead) || Path.Exists(dead + ".lock") || Path.Exists(alone));
            MemberCredentials.Load(living.Worker, TimeProvider.System);
            Assert.Equal(2, Directory.EnumerateDirectories(_parent).Count());
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_line() =>
        Assert.Contains(
            "credentials for this machine's workers cannot be written",
            Assert
                .Throws<UserErrorException>(() => LoopbackCredentials.Create(TimeProvider.System, "/no/such/folder"))
                .Message,
            StringComparison.Ordinal
        );

    private static async Task AssertConnectsAsync(MemberCredentials server, MemberCredentials client)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var outgoing = new TcpClient();
        var connecting = outgoing.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var incoming = await listener.AcceptTcpClientAsync();
        await connecting;
        await using var serverEnd = new SslStream(incoming.GetStream());
        await using var clientEnd = new SslStream(outgoing.GetStream());
        var accepting = serverEnd.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = server.Certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = Policy(server),
            }
        );
        await clientEnd.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ClientCertificates = [client.Certificate],
                CertificateChainPolicy = Policy(client),
            }
        );
        await accepting;
        Assert.True(serverEnd.IsMutuallyAuthenticated && clientEnd.IsMutuallyAuthenticated);
    }

    private static X509ChainPolicy Policy(MemberCredentials member)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(member.Authorities);
        return policy;
    }
}
