using System.Runtime.Versioning;
using System.Security.Cryptography;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>A member's folder is read and checked, and every mistake has a line of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class MemberCredentialsTests : IDisposable
{
    private readonly Cluster _cluster = Cluster.Create();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void A_member_has_its_key_its_authority_and_its_names()
    {
        var credentials = _cluster.Load();
        Assert.True(credentials.Certificate.HasPrivateKey);
        Assert.Single(credentials.Authorities);
        Assert.Equal(MemberRole.Host, credentials.Identity!.Role);
        Assert.Equal(
            ["host", "monitor.lan", "localhost", "10.0.0.5", "127.0.0.1", "::1"],
            credentials.Identity.Addresses
        );
        Assert.Equal(100, credentials.DaysLeft(_cluster.Today), 0.1);
        Assert.Null(credentials.Warning(_cluster.Today));
        Assert.Equal(MemberRole.Worker, _cluster.Load(_cluster.Worker).Identity!.Role);
    }

    [Theory]
    [InlineData("authority.pem")]
    [InlineData("member.pem")]
    [InlineData("member.key")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(Path.Combine(_cluster.Host, file));
        Assert.Contains($"host/{file}: there is no such file", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("nowhere: there is no such folder", _cluster.Refusal("nowhere"), StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_over_or_not_yet_valid_is_refused_with_the_day()
    {
        _cluster.Today.Move(TimeSpan.FromDays(100));
        Assert.Contains("host/member.pem: was over on 20", _cluster.Refusal(), StringComparison.Ordinal);
        _cluster.Today.Move(TimeSpan.FromDays(-101));
        string early = _cluster.Refusal();
        Assert.Contains("host/member.pem: is not valid before 20", early, StringComparison.Ordinal);
        Assert.Contains("set the clock of this machine", early, StringComparison.Ordinal);
    }

    [Fact]
    public void No_certificate_outlives_its_authority_which_is_named_when_it_is_over()
    {
        _cluster.Today.Move(TimeSpan.FromDays(3600));
        var renewed = _cluster.Authority.Renew([], 3650);
        var now = _cluster.Today.GetUtcNow();
        Assert.All(renewed, member => Assert.InRange((member.ExpiresAt - now).TotalDays, 49, 50));
        _cluster.Today.Move(TimeSpan.FromDays(51));
        Assert.Contains("was over on", _cluster.Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "authority/authority.pem: was over on",
            Assert.Throws<Contracts.Errors.UserErrorException>(() => _cluster.Authority.Renew([], 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        using var other = Cluster.Create();
        Copy(other.Host, CredentialFiles.Authority);
        Assert.Contains("host/member.pem: is not from the authority in", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        Copy(_cluster.Worker, CredentialFiles.Key);
        Assert.Contains(
            "host/member.key: does not belong to the certificate",
            _cluster.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead, "604")]
    [InlineData(UnixFileMode.GroupWrite, "620")]
    public void A_key_that_others_may_use_is_refused(UnixFileMode others, string mode)
    {
        string key = Path.Combine(_cluster.Host, CredentialFiles.Key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Contains(
            $"host/member.key: others than its owner may use this key (mode {mode}); chmod 600",
            _cluster.Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_key_behind_a_link_is_looked_at_where_it_is()
    {
        string key = Path.Combine(_cluster.Host, CredentialFiles.Key),
            secret = Path.Combine(_cluster.Host, "secret");
        File.Move(key, secret);
        File.CreateSymbolicLink(key, secret);
        _cluster.Load();
        File.SetUnixFileMode(secret, (UnixFileMode)Convert.ToInt32("644", 8));
        Assert.Contains("(mode 644)", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authority.pem", "", "holds no certificate of an authority")]
    [InlineData("member.pem", "none", "is no certificate of a member")]
    [InlineData("member.key", "none", "holds no private key in PEM without a password")]
    public void A_file_of_something_else_is_refused(string file, string content, string problem)
    {
        string path = Path.Combine(_cluster.Host, file);
        File.WriteAllText(path, content);
        Assert.Contains($"{path}: {problem}", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_members_certificate_is_no_authoritys()
    {
        File.Copy(
            Path.Combine(_cluster.Host, CredentialFiles.Certificate),
            Path.Combine(_cluster.Host, CredentialFiles.Authority),
            overwrite: true
        );
        Assert.Contains("holds no certificate of an authority", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authoritys_certificate_is_no_members()
    {
        File.Copy(
            Path.Combine(_cluster.Host, CredentialFiles.Authority),
            Path.Combine(_cluster.Host, CredentialFiles.Certificate),
            overwrite: true
        );
        Assert.Contains("is no certificate of a member", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_with_a_password_is_refused()
    {
        using var key = ECDsa.Create();
        var algorithm = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
        File.WriteAllText(
            Path.Combine(_cluster.Host, CredentialFiles.Key),
            key.ExportEncryptedPkcs8PrivateKeyPem("word", algorithm)
        );
        Assert.Contains("without a password", _cluster.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_is_told_before_it_comes()
    {
        _cluster.Today.Move(TimeSpan.FromDays(69));
        Assert.Null(_cluster.Load().Warning(_cluster.Today));
        _cluster.Today.Move(TimeSpan.FromDays(2.5));
        string warning = _cluster.Load().Warning(_cluster.Today)!;
        Assert.Contains("host/member.pem: is over on 20", warning, StringComparison.Ordinal);
        Assert.Contains("in 28.5 days; make another with 'curvature cluster renew'", warning, StringComparison.Ordinal);
    }

    private void Copy(string from, string file) =>
        File.Copy(Path.Combine(from, file), Path.Combine(_cluster.Host, file), overwrite: true);
}
