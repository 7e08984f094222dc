using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>How certificates of a cluster are made, and what they say.</summary>
internal static class Certificates
{
    private const string Organization = "CurvatureMonitor";
    private const string CommonNameType = "2.5.4.3";
    private const string OrganizationalUnitType = "2.5.4.11";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // Clocks of a cluster's machines differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <summary>A new authority: a certificate that signs itself and others.</summary>
    internal static X509Certificate2 CreateAuthority(DateTimeOffset now, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // A name of its own: two authorities of one name could not be told apart.
        var request = new CertificateRequest(
            Subject($"cluster {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", "authority"),
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(now - ClockSkew, now.AddDays(days));
    }

    /// <summary>A member's certificate, for both ends of a connection.</summary>
    /// <param name="authority">The authority with its private key.</param>
    /// <param name="member">The member.</param>
    /// <param name="key">Its public key.</param>
    /// <param name="now">The present time.</param>
    /// <param name="days">How long it holds; never longer than the authority.</param>
    internal static X509Certificate2 Issue(
        X509Certificate2 authority,
        MemberIdentity member,
        PublicKey key,
        DateTimeOffset now,
        int days
    )
    {
        var request = new CertificateRequest(
            Subject(member.Name, Unit(member.Role)),
            key,
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication), new Oid(ClientAuthentication)], false)
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false)
        );
        request.CertificateExtensions.Add(Names(member));
        DateTimeOffset first = authority.NotBefore,
            last = authority.NotAfter,
            from = now - ClockSkew,
            until = now.AddDays(days);
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        return request.Create(authority, from < first ? first : from, until > last ? last : until, serial);
    }

    /// <summary>Who a certificate is about; null where it is no member's.</summary>
    internal static MemberIdentity? IdentityOf(X509Certificate2 certificate)
    {
        string? name = Part(certificate, CommonNameType),
            unit = Part(certificate, OrganizationalUnitType);
        var roles = Enum.GetValues<MemberRole>().Where(role => Unit(role) == unit).ToList();
        return name is not null && roles.Count == 1 ? new MemberIdentity(name, roles[0], Names(certificate)) : null;
    }

    /// <summary>Whether a certificate is for both ends of a connection.</summary>
    internal static bool IsForMembers(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } usage
        && usage.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value).ToHashSet() is var uses
        && uses.Contains(ServerAuthentication)
        && uses.Contains(ClientAuthentication);

    /// <summary>Whether a certificate may sign others.</summary>
    internal static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(part => part.CertificateAuthority);

    /// <summary>Whether one of some authorities has signed a certificate, whatever the date.</summary>
    internal static bool IsIssued(
        X509Certificate2 certificate,
        X509Certificate2Collection authorities,
        [NotNullWhen(true)] out X509Certificate2? issuer
    )
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationFlags =
            X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreNotTimeNested;
        bool issued;
        try
        {
            issued = chain.Build(certificate);
        }
        catch (CryptographicException)
        {
            // What it names as its issuer cannot be followed.
            issued = false;
        }

        string? root = issued ? chain.ChainElements[^1].Certificate.Thumbprint : null;
        issuer = authorities.FirstOrDefault(authority => authority.Thumbprint == root);
        return issuer is not null;
    }

    /// <summary>A day for a person.</summary>
    internal static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Unit(MemberRole role) => role.ToString().ToLowerInvariant();

    private static X500DistinguishedName Subject(string name, string unit)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(Organization);
        subject.AddOrganizationalUnitName(unit);
        subject.AddCommonName(name);
        return subject.Build();
    }

    private static X509Extension Names(MemberIdentity member)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string address in member.Addresses.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(address, out var ip))
            {
                names.AddIpAddress(ip);
            }
            else
            {
                names.AddDnsName(address);
            }
        }

        return names.Build();
    }

    private static string[] Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(ip => ip.ToString())]
            : [];

    private static string? Part(X509Certificate2 certificate, string type) =>
        certificate
            .SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == type)
            .Select(part => part.GetSingleElementValue())
            .FirstOrDefault();
}
