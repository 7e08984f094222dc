using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>An authority, and the certificates that it gives.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=curvature test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(3650));
    }

    /// <summary>Writes the credentials of a member.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="days">The days for which they are valid; negative where they are valid no longer.</param>
    public string Write(string folder, double days = 400)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=curvature test member", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension(
                [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")],
                critical: false
            )
        );
        using var member = request.Create(
            _certificate,
            DateTimeOffset.UtcNow.AddDays(-20),
            DateTimeOffset.UtcNow.AddDays(days),
            RandomNumberGenerator.GetBytes(8)
        );
        File.WriteAllText(Path.Combine(folder, CredentialFiles.Authority), _certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, CredentialFiles.Certificate), member.ExportCertificatePem());
        string secret = Path.Combine(folder, CredentialFiles.Key);
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return folder;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
