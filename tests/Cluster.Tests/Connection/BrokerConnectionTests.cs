using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Cluster.Tests.Connection;

/// <summary>
/// Addresses against a real broker, over TLS and without: who may come in, and what one who may not is told.
/// </summary>
public sealed class BrokerConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_broker_lets_in_who_has_the_right_parts_and_each_wrong_one_is_told_in_a_line()
    {
        string stranger = Path.Combine(_folder, "other");
        Directory.CreateDirectory(stranger);
        WriteCertificates(_folder, "127.0.0.1");
        WriteCertificates(stranger, "127.0.0.1");
        await using var server = await RabbitMqServer.StartAsync(tls: _folder);
        string user = $"{RabbitMqServer.User}:{Uri.EscapeDataString(RabbitMqServer.Password)}";
        string place = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"),
            secure = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.TlsPort}");
        string ca = Path.Combine(_folder, "ca.pem");

        Assert.Null(await FailureAsync($"amqp://{user}@{place}/%2Fcurvature"));
        Assert.Null(await FailureAsync($"amqps://{user}@{secure}/%2Fcurvature", ca));

        // The certificate names the address, not the name.
        await RefusedAsync(
            $"amqps://{user}@{secure.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/%2Fcurvature",
            "certificate",
            ca
        );
        await RefusedAsync($"amqps://{user}@{secure}/%2Fcurvature", "certificate", Path.Combine(stranger, "ca.pem"));
        await RefusedAsync($"amqps://{user}@{secure}/%2Fcurvature", "certificate");
        await RefusedAsync(
            $"amqp://{RabbitMqServer.User}:wrong@{place}/%2Fcurvature",
            $"access refused for user '{RabbitMqServer.User}'"
        );
        await RefusedAsync($"amqp://{user}@{place}/elsewhere", "there is no virtual host 'elsewhere'");
        await server.ControlAsync("add_vhost", "closed");
        await RefusedAsync($"amqp://{user}@{place}/closed", "may not use the virtual host 'closed'");

        var unreachable = await FailureAsync(
            string.Create(CultureInfo.InvariantCulture, $"amqp://{user}@127.0.0.1:{FreePort.Find()}/")
        );
        Assert.False(unreachable!.IsMistake);
        Assert.Contains("cannot be reached (Connection refused", unreachable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Uri.EscapeDataString(RabbitMqServer.Password),
            unreachable.Message,
            StringComparison.Ordinal
        );
    }

    private static async Task RefusedAsync(string url, string expected, string? ca = null)
    {
        var failure = await FailureAsync(url, ca);
        Assert.True(failure?.IsMistake == true, $"{expected}: {failure?.Message ?? "it was let in"}");
        Assert.Contains(expected, failure!.Message, StringComparison.Ordinal);
        Assert.Single(failure.Message.Split('\n'));
        Assert.DoesNotContain("wrong@", failure.Message, StringComparison.Ordinal);
    }

    private static Task<BrokerAddressFailure?> FailureAsync(string url, string? ca = null) =>
        BrokerAddressFailure.ProbeAsync(BrokerAddress.Parse(url, caFile: ca), "test", CancellationToken.None);

    private static void WriteCertificates(string folder, string address)
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest(
            "CN=authority of the tests",
            authorityKey,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        authorityRequest.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true)
        );
        using var authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=broker of the tests",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
