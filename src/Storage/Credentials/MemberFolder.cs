using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>Writes the files of a member.</summary>
internal static class MemberFolder
{
    /// <summary>Makes credentials with a new key, or a certificate for a key that the member has.</summary>
    /// <param name="parent">The folder that the member's own is put into.</param>
    /// <param name="authority">The authority with its private key.</param>
    /// <param name="member">The member.</param>
    /// <param name="known">The public key that the member has; a new one is made where null.</param>
    /// <param name="now">The present time.</param>
    /// <param name="days">How long the certificate holds.</param>
    internal static IssuedMember Issue(
        string parent,
        X509Certificate2 authority,
        MemberIdentity member,
        PublicKey? known,
        DateTimeOffset now,
        int days
    )
    {
        string folder = Path.Combine(parent, member.Name);
        CredentialFiles.CreateFolder(folder);
        using var certificate = Certificates.Issue(authority, member, known ?? CreateKey(folder), now, days);
        CredentialFiles.Write(Path.Combine(folder, CredentialFiles.Authority), authority.ExportCertificatePem());
        CredentialFiles.Write(Path.Combine(folder, CredentialFiles.Certificate), certificate.ExportCertificatePem());
        return new IssuedMember(member, folder, certificate.NotAfter, known is null);
    }

    private static PublicKey CreateKey(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CredentialFiles.WriteSecret(Path.Combine(folder, CredentialFiles.Key), key.ExportPkcs8PrivateKeyPem());
        return new PublicKey(key);
    }
}
