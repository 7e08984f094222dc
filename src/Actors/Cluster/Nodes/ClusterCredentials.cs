using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// What lets a process into a cluster: a certificate of the cluster's own authority, and the key to it. Whoever holds
/// such a certificate is trusted; nobody else gets in.
/// </summary>
public sealed class ClusterCredentials : IDisposable
{
    /// <summary>The certificate of the authority, in a folder with credentials.</summary>
    public const string AuthorityFile = "authority.pem";

    /// <summary>The certificate of the member.</summary>
    public const string MemberFile = "member.pem";

    /// <summary>The member's private key, PKCS#8.</summary>
    public const string KeyFile = "member.key";

    private ClusterCredentials(X509Certificate2 authority, X509Certificate2 member) =>
        (Authority, Member) = (authority, member);

    /// <summary>The certificate of the authority.</summary>
    internal X509Certificate2 Authority { get; }

    /// <summary>The certificate of the member, with its private key.</summary>
    internal X509Certificate2 Member { get; }

    /// <summary>Reads the three files of a folder, and sees that they go together and are valid today.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UserErrorException">A file is missing, or is not what it should be.</exception>
    public static ClusterCredentials Load(string folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(time);
        var credentials = Read(folder);
        try
        {
            if (Problem(credentials, time) is { } problem)
            {
                throw new UserErrorException($"{Path.Combine(folder, MemberFile)}: {problem}", Remedy);
            }

            return credentials;
        }
        catch
        {
            credentials.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        Member.Dispose();
    }

    private const string Remedy = "make certificates of this cluster's authority, and name their folder";

    private static ClusterCredentials Read(string folder)
    {
        string place = folder;
        try
        {
            place = Path.Combine(folder, AuthorityFile);
            var authority = X509CertificateLoader.LoadCertificateFromFile(place);
            place = Path.Combine(folder, MemberFile);
            string certificate = File.ReadAllText(place);
            place = Path.Combine(folder, KeyFile);
            var member = X509Certificate2.CreateFromPem(certificate, File.ReadAllText(place));
            return new ClusterCredentials(authority, Usable(member));
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or CryptographicException
                        or ArgumentException
            )
        {
            throw new UserErrorException(
                $"{place}: cannot be used ({exception.Message.ReplaceLineEndings(" ")})",
                $"a folder with credentials has {AuthorityFile}, {MemberFile} and {KeyFile}",
                exception
            );
        }
    }

    // Windows serves TLS with keys from its own store alone.
    private static X509Certificate2 Usable(X509Certificate2 member)
    {
        if (!OperatingSystem.IsWindows())
        {
            return member;
        }

        using (member)
        {
            return X509CertificateLoader.LoadPkcs12(member.Export(X509ContentType.Pfx), null);
        }
    }

    private static string? Problem(ClusterCredentials credentials, TimeProvider time)
    {
        var (now, member) = (time.GetUtcNow(), credentials.Member);
        return member.NotAfter < now ? $"is valid no longer, since {Day(member.NotAfter)}"
            : member.NotBefore > now ? $"is not valid before {Day(member.NotBefore)}"
            : new AuthorityTrust(credentials.Authority).WhyNot(member) is { } why ? $"{why} ({AuthorityFile})"
            : null;
    }

    private static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
