using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Mistakes in credentials and addresses are one line that says what is wrong, and where.</summary>
public sealed class ClusterCredentialsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("curvature-credentials-").FullName;
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Credentials_that_go_together_are_read()
    {
        using var credentials = ClusterCredentials.Load(_authority.Write(_folder), TimeProvider.System);
        Assert.True(credentials.Member.HasPrivateKey);
        Assert.Null(new AuthorityTrust(credentials.Authority).WhyNot(credentials.Member));
    }

    [Fact]
    public void Credentials_that_are_valid_no_longer_are_refused() =>
        Refused(() => _authority.Write(_folder, days: -1), "member.pem: is valid no longer, since ");

    [Fact]
    public void A_member_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();
        string foreign = other.Write(Path.Combine(_folder, "other"));
        Refused(
            () =>
            {
                _authority.Write(_folder);
                File.Copy(
                    Path.Combine(foreign, ClusterCredentials.AuthorityFile),
                    Path.Combine(_folder, ClusterCredentials.AuthorityFile),
                    overwrite: true
                );
            },
            "member.pem: is not from the cluster's authority"
        );
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        string foreign = _authority.Write(Path.Combine(_folder, "other"));
        Refused(
            () =>
            {
                _authority.Write(_folder);
                File.Copy(
                    Path.Combine(foreign, ClusterCredentials.KeyFile),
                    Path.Combine(_folder, ClusterCredentials.KeyFile),
                    overwrite: true
                );
            },
            "member.key: cannot be used"
        );
    }

    [Fact]
    public void A_folder_without_credentials_is_refused() => Refused(() => { }, "authority.pem: cannot be used");

    [Theory]
    [InlineData("host", "--join host: is no HOST:PORT")]
    [InlineData("host:0", "is no HOST:PORT")]
    [InlineData("host:65536", "is no HOST:PORT")]
    [InlineData(":4053", "is no HOST:PORT")]
    [InlineData("akka://host:4053", "is no HOST:PORT")]
    [InlineData("::1:4053", "is an address of IPv6")]
    public void An_address_that_is_none_is_refused(string text, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<UserErrorException>(() => ClusterEndpoint.Parse(text, "--join")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void An_address_is_read() =>
        Assert.Equal(new ClusterEndpoint("curvature-0.curvature", 4053), ClusterEndpoint.Parse(
            "curvature-0.curvature:4053",
            "--join"
        ));

    private void Refused(Action prepare, string problem)
    {
        prepare();
        var refused = Assert.Throws<UserErrorException>(() => ClusterCredentials.Load(_folder, TimeProvider.System));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
