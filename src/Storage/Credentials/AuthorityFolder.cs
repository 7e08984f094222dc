using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Storage.Credentials;

/// <summary>
/// A cluster's authority and the credentials of its members, as those who run the cluster keep them: the folder
/// <c>authority</c> with its key, and a folder a member to be copied to it.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="time">The clock.</param>
public sealed class AuthorityFolder(string root, TimeProvider time)
{
    private const int AuthorityDays = 3650;

    /// <summary>Makes the authority and its members' credentials. The folder appears whole.</summary>
    /// <param name="members">The members.</param>
    /// <param name="days">How long their certificates hold.</param>
    /// <exception cref="UserErrorException">Something is there already, or cannot be written.</exception>
    public IReadOnlyList<IssuedMember> Create(IReadOnlyList<MemberIdentity> members, int days)
    {
        ArgumentNullException.ThrowIfNull(members);
        RequireDistinct(members);
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)),
            unfinished = $"{path}.{Guid.NewGuid():N}{AtomicFile.UnfinishedSuffix}";
        return Writing(() =>
        {
            if (Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Any() : File.Exists(path))
            {
                throw new UserErrorException(
                    $"{root}: is there already, and nothing is overwritten",
                    $"choose a new folder, or make new certificates with 'curvature cluster renew {root}'"
                );
            }

            try
            {
                CredentialFiles.CreateFolder(unfinished);
                using var authority = CreateAuthority(Path.Combine(unfinished, CredentialFiles.AuthorityFolder));
                var issued = members.Select(member => Issue(unfinished, authority, member, null, days)).ToList();
                if (Directory.Exists(path))
                {
                    Directory.Delete(path);
                }

                Directory.Move(unfinished, path);
                return issued
                    .Select(member => member with { Folder = Path.Combine(root, member.Identity.Name) })
                    .ToList();
            }
            catch
            {
                CredentialFiles.DeleteFolder(unfinished);
                throw;
            }
        });
    }

    /// <summary>
    /// Makes new certificates for the keys of all members, and credentials for new ones. Each file is replaced at once.
    /// </summary>
    /// <param name="added">Members that are not there yet.</param>
    /// <param name="days">How long the certificates hold.</param>
    /// <exception cref="UserErrorException">The authority cannot be used, or a member is none of its own.</exception>
    public IReadOnlyList<IssuedMember> Renew(IReadOnlyList<MemberIdentity> added, int days)
    {
        ArgumentNullException.ThrowIfNull(added);
        RequireDistinct(added);
        string folder = Path.Combine(root, CredentialFiles.AuthorityFolder);
        using var authority = OpenAuthority(folder);
        var known = Members().Select(path => (Path: path, Certificate: Member(path, authority))).ToList();
        try
        {
            if (added.FirstOrDefault(member => known.Any(other => IsNamed(other.Path, member.Name))) is { } twice)
            {
                throw new UserErrorException(
                    $"{Path.Combine(root, twice.Name)}: is there already",
                    "leave it out to renew its certificate, or remove the folder first to make it a new key"
                );
            }

            return Writing(() =>
                known
                    .Select(member =>
                        Issue(root, authority, Certificates.IdentityOf(member.Certificate)!, member.Certificate, days)
                    )
                    .Concat(added.Select(member => Issue(root, authority, member, null, days)))
                    .ToList()
            );
        }
        finally
        {
            known.ForEach(member => member.Certificate.Dispose());
        }
    }

    private IssuedMember Issue(
        string parent,
        X509Certificate2 authority,
        MemberIdentity member,
        X509Certificate2? former,
        int days
    ) => MemberFolder.Issue(parent, authority, member, former?.PublicKey, time.GetUtcNow(), days);

    private X509Certificate2 CreateAuthority(string folder)
    {
        var authority = Certificates.CreateAuthority(time.GetUtcNow(), AuthorityDays);
        using var key = authority.GetECDsaPrivateKey()!;
        CredentialFiles.CreateFolder(folder);
        CredentialFiles.WriteSecret(
            Path.Combine(folder, CredentialFiles.AuthorityKey),
            key.ExportPkcs8PrivateKeyPem()
        );
        CredentialFiles.Write(Path.Combine(folder, CredentialFiles.Authority), authority.ExportCertificatePem());
        return authority;
    }

    private X509Certificate2 OpenAuthority(string folder)
    {
        string path = Path.Combine(folder, CredentialFiles.Authority);
        using var certificate = CredentialReader.ReadAuthorities(path)[0];
        if (time.GetUtcNow() >= certificate.NotAfter)
        {
            throw new UserErrorException(
                $"{path}: was over on {Certificates.Day(certificate.NotAfter)}",
                "make a new authority with 'curvature cluster init', and copy its members' folders"
            );
        }

        return CredentialReader.WithKey(
            path,
            certificate.ExportCertificatePem(),
            Path.Combine(folder, CredentialFiles.AuthorityKey)
        );
    }

    private static X509Certificate2 Member(string folder, X509Certificate2 authority)
    {
        string path = Path.Combine(folder, CredentialFiles.Certificate);
        var certificate = CredentialReader.ReadCertificate(path, CredentialFiles.Read(path));
        return Certificates.IsIssued(certificate, [authority], out _)
            && Certificates.IdentityOf(certificate) is { } identity
            && IsNamed(folder, identity.Name)
            ? certificate
            : throw new UserErrorException(
                $"{path}: is not the certificate of {Path.GetFileName(folder)} from the authority beside it",
                "move the folder away, and name the member with --host or --worker to make it anew"
            );
    }

    private IEnumerable<string> Members() =>
        Directory
            .EnumerateDirectories(root)
            .Where(path => File.Exists(Path.Combine(path, CredentialFiles.Certificate)))
            .Order(StringComparer.Ordinal);

    private static bool IsNamed(string folder, string name) => Path.GetFileName(folder) == name;

    private static void RequireDistinct(IReadOnlyList<MemberIdentity> members)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (members.FirstOrDefault(member => !names.Add(member.Name)) is { } twice)
        {
            throw new UserErrorException($"{twice.Name}: is named twice", "give each member a name of its own");
        }
    }

    private T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{root}: cannot be written ({exception.Message})",
                "choose a folder that may be written",
                exception
            );
        }
    }
}
