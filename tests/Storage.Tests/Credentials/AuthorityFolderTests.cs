using System.Runtime.Versioning;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>A cluster's authority: what it makes, what it leaves alone, and who may read it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AuthorityFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Cluster _cluster = Cluster.Create();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void Secrets_are_for_their_owner_alone_and_nothing_unfinished_is_left()
    {
        string[] files = [.. Directory.EnumerateFiles(_cluster.Root, "*", SearchOption.AllDirectories)];
        Assert.Equal(
            [
                "authority/authority.key",
                "authority/authority.pem",
                "host/authority.pem",
                "host/member.key",
                "host/member.pem",
                "worker/authority.pem",
                "worker/member.key",
                "worker/member.pem",
            ],
            files.Select(file => Path.GetRelativePath(_cluster.Root, file)).Order(StringComparer.Ordinal)
        );
        Assert.All(files, file => Assert.Equal(file.EndsWith(".key", StringComparison.Ordinal), Mode(file) == Owner));
        Assert.All(
            Directory.EnumerateDirectories(_cluster.Root).Append(_cluster.Root),
            folder => Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(folder))
        );
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_cluster.Root)!));
    }

    [Fact]
    public void What_is_there_is_not_overwritten()
    {
        string before = _cluster.Load().Certificate.Thumbprint;
        Assert.Contains(
            "is there already, and nothing is overwritten",
            Refusal(() => _cluster.Authority.Create(Cluster.Members, 100)),
            StringComparison.Ordinal
        );
        Assert.Equal(before, _cluster.Load().Certificate.Thumbprint);
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_cluster.Root)!));
    }

    [Fact]
    public void Renewal_gives_every_key_a_new_certificate_and_a_new_member_a_key()
    {
        var before = _cluster.Load();
        string key = File.ReadAllText(Path.Combine(_cluster.Host, CredentialFiles.Key));
        _cluster.Today.Move(TimeSpan.FromDays(80));
        var issued = _cluster.Authority.Renew([MemberIdentity.Parse("gpu1.lan", MemberRole.Worker)], 100);
        Assert.Equal(["host", "worker", "gpu1.lan"], issued.Select(member => member.Identity.Name));
        Assert.Equal([false, false, true], issued.Select(member => member.HasNewKey));
        var after = _cluster.Load();
        Assert.NotEqual(before.Certificate.Thumbprint, after.Certificate.Thumbprint);
        Assert.Equal(before.Identity!.Addresses, after.Identity!.Addresses);
        Assert.Equal(100, after.DaysLeft(_cluster.Today), 0.1);
        Assert.Equal(key, File.ReadAllText(Path.Combine(_cluster.Host, CredentialFiles.Key)));
        Assert.Equal(MemberRole.Worker, _cluster.Load(Path.Combine(_cluster.Root, "gpu1.lan")).Identity!.Role);

        // Those who have the former one and those who have the new one know each other.
        Assert.Equal(before.Authorities[0].Thumbprint, after.Authorities[0].Thumbprint);
    }

    [Fact]
    public void Renewal_works_where_members_alone_keep_their_keys()
    {
        File.Delete(Path.Combine(_cluster.Host, CredentialFiles.Key));
        Assert.Equal(2, _cluster.Authority.Renew([], 100).Count);
    }

    [Fact]
    public void Renewal_refuses_strangers_and_a_second_member_of_a_name()
    {
        Assert.Contains(
            "host: is there already",
            Refusal(() => _cluster.Authority.Renew(Cluster.Members, 100)),
            StringComparison.Ordinal
        );
        using var other = Cluster.Create();
        File.Copy(
            Path.Combine(other.Host, CredentialFiles.Certificate),
            Path.Combine(_cluster.Host, CredentialFiles.Certificate),
            overwrite: true
        );
        Assert.Contains(
            "host/member.pem: is not the certificate of host from the authority beside it",
            Refusal(() => _cluster.Authority.Renew([], 100)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "authority.pem: there is no such file",
            Refusal(() => new AuthorityFolder("/no/such/folder", TimeProvider.System).Renew([], 100)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "a member's name has at most 63 letters")]
    [InlineData("a b", "a member's name has at most 63 letters")]
    [InlineData("../elsewhere", "a member's name has at most 63 letters")]
    [InlineData("fe80::1", "a member's name has at most 63 letters")]
    [InlineData("authority", "this folder is the authority's")]
    [InlineData("host,no host", "'no host' is neither a host name nor an IP address")]
    public void A_name_that_is_none_is_refused(string text, string problem) =>
        Assert.Contains(
            $"--host {text}: {problem}",
            Refusal(() => MemberIdentity.Parse(text, MemberRole.Host)),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_name_twice_is_refused()
    {
        MemberIdentity[] twice = [Cluster.Members[0], MemberIdentity.Parse("HOST", MemberRole.Worker)];
        Assert.Contains("named twice", Refusal(() => _cluster.Authority.Create(twice, 1)), StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> action) => Assert.Throws<UserErrorException>(action).Message;

    private static UnixFileMode Mode(string path) => File.GetUnixFileMode(path);
}
