using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>What a member shows others, and by what it knows them. It is checked when it is read.</summary>
public sealed class MemberCredentials
{
    /// <summary>Warned of is a certificate that is over so soon, or in the last third of a shorter life.</summary>
    private static readonly TimeSpan NoticePeriod = TimeSpan.FromDays(30);

    private readonly string _folder;

    internal MemberCredentials(
        string folder,
        X509Certificate2 certificate,
        X509Certificate2Collection authorities,
        MemberIdentity? identity
    )
    {
        _folder = folder;
        Certificate = certificate;
        Authorities = authorities;
        Identity = identity;
    }

    /// <summary>The member's certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The authorities whose members are let in.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Who the certificate is about; null where another program than this one made it.</summary>
    public MemberIdentity? Identity { get; }

    /// <summary>When the certificate, or the authority before it, is over.</summary>
    public DateTimeOffset ExpiresAt =>
        Authorities.Select(authority => authority.NotAfter).Max() is var last && last < Certificate.NotAfter
            ? last
            : Certificate.NotAfter;

    /// <summary>Reads and checks a member's folder.</summary>
    /// <param name="folder">The folder, with the files of <see cref="CredentialFiles"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UserErrorException">A file is missing or damaged, or they do not belong together, or not to
    /// this day.</exception>
    public static MemberCredentials Load(string folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new CredentialReader(folder, time.GetUtcNow()).Read();
    }

    /// <summary>Days until the certificate is over.</summary>
    /// <param name="time">The clock.</param>
    public double DaysLeft(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (ExpiresAt - time.GetUtcNow()).TotalDays;
    }

    /// <summary>One line where the certificate is soon over, and what to do; null before that.</summary>
    /// <param name="time">The clock.</param>
    public string? Warning(TimeProvider time)
    {
        double days = DaysLeft(time);
        var third = (Certificate.NotAfter - Certificate.NotBefore) / 3;
        return days > (third < NoticePeriod ? third : NoticePeriod).TotalDays
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.Combine(_folder, CredentialFiles.Certificate)}: is over on {Certificates.Day(ExpiresAt)}, in "
                    + $"{Math.Max(0, days):0.#} days; make another with 'curvature cluster renew', and copy it "
                    + $"here"
            );
    }
}
