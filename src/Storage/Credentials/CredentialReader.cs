using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>Reads a member's folder and says what is wrong with it, in one line.</summary>
internal sealed class CredentialReader(string folder, DateTimeOffset now)
{
    private readonly string _authority = Path.Combine(folder, CredentialFiles.Authority),
        _certificate = Path.Combine(folder, CredentialFiles.Certificate),
        _key = Path.Combine(folder, CredentialFiles.Key);

    internal MemberCredentials Read()
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(
                $"{folder}: there is no such folder",
                "give the folder of a member that 'curvature cluster init' made, and that was copied here"
            );
        }

        var authorities = ReadAuthorities(_authority);
        string text = CredentialFiles.Read(_certificate);
        using var certificate = ReadCertificate(_certificate, text);
        RequireDate(_certificate, certificate, "make another with 'curvature cluster renew'");
        RequireIssued(certificate, authorities);
        return new MemberCredentials(
            folder,
            WithKey(_certificate, text, _key),
            authorities,
            Certificates.IdentityOf(certificate)
        );
    }

    /// <summary>The certificates of a file, each of them an authority's.</summary>
    internal static X509Certificate2Collection ReadAuthorities(string path)
    {
        string text = CredentialFiles.Read(path);
        var authorities = new X509Certificate2Collection();
        Parse(
            path,
            () =>
            {
                authorities.ImportFromPem(text);
                return authorities.All(Certificates.IsAuthority) && authorities.Count > 0;
            },
            "holds no certificate of an authority"
        );
        return authorities;
    }

    /// <summary>The certificate of a member, which has what members need.</summary>
    internal static X509Certificate2 ReadCertificate(string path, string text)
    {
        X509Certificate2? certificate = null;
        Parse(
            path,
            () => Certificates.IsForMembers(certificate = X509Certificate2.CreateFromPem(text)),
            "is no certificate of a member, for both ends of a connection"
        );
        return certificate!;
    }

    /// <summary>A certificate with its private key.</summary>
    internal static X509Certificate2 WithKey(string path, string certificate, string keyPath)
    {
        string key = CredentialFiles.ReadSecret(keyPath);
        X509Certificate2? found = null;
        Parse(
            keyPath,
            () =>
            {
                try
                {
                    found = Usable(X509Certificate2.CreateFromPem(certificate, key));
                    return true;
                }
                catch (ArgumentException exception)
                {
                    throw new UserErrorException(
                        $"{keyPath}: does not belong to the certificate {path}",
                        "copy both from one and the same folder that 'curvature cluster init' made",
                        exception
                    );
                }
            },
            "holds no private key in PEM without a password"
        );
        return found!;
    }

    // Windows serves TLS with keys from its own store alone.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
        }
    }

    private void RequireDate(string path, X509Certificate2 certificate, string remedy)
    {
        if (now < certificate.NotBefore)
        {
            throw new UserErrorException(
                $"{path}: is not valid before {Certificates.Day(certificate.NotBefore)}",
                $"set the clock of this machine, which says {Certificates.Day(now)}"
            );
        }

        if (now >= certificate.NotAfter)
        {
            throw new UserErrorException($"{path}: was over on {Certificates.Day(certificate.NotAfter)}", remedy);
        }
    }

    private void RequireIssued(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        if (Certificates.IsIssued(certificate, authorities, out var issuer))
        {
            RequireDate(_authority, issuer, "make a new authority with 'curvature cluster init'");
            return;
        }

        throw new UserErrorException(
            $"{_certificate}: is not from the authority in {_authority}",
            "copy all three files from one and the same folder that 'curvature cluster init' made"
        );
    }

    // Damaged files make the platform throw exceptions of many kinds; all of them mean the same here.
    private static void Parse(string path, Func<bool> parse, string problem)
    {
        Exception? cause = null;
        try
        {
            if (parse())
            {
                return;
            }
        }
        catch (Exception exception) when (exception is not (UserErrorException or OutOfMemoryException))
        {
            cause = exception;
        }

        throw new UserErrorException($"{path}: {problem}", "copy it again from where it was made", cause);
    }
}
