using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>Credentials that are renewed while somebody uses them.</summary>
public sealed class RenewableCredentialsTests : IDisposable
{
    private readonly Cluster _cluster = Cluster.Create();
    private readonly List<string> _said = [];
    private readonly RenewableCredentials _credentials;

    public RenewableCredentialsTests() =>
        _credentials = new RenewableCredentials(_cluster.Host, _cluster.Today, _said.Add);

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public void New_files_are_taken_without_a_restart()
    {
        var before = _credentials.Current;
        _cluster.Authority.Renew([], 200);
        Assert.Same(before, _credentials.Current);
        _cluster.Today.Move(RenewableCredentials.Interval);
        Assert.Equal(200, _credentials.Current.DaysLeft(_cluster.Today), 0.1);
        Assert.Contains("the credentials were renewed", Assert.Single(_said), StringComparison.Ordinal);

        // Nothing has changed since, and nothing is read.
        var after = _credentials.Current;
        _cluster.Today.Move(RenewableCredentials.Interval);
        Assert.Same(after, _credentials.Current);
    }

    [Fact]
    public void What_cannot_be_used_is_told_once_and_the_former_stay_in_use()
    {
        var before = _credentials.Current;
        string path = Path.Combine(_cluster.Host, CredentialFiles.Certificate),
            whole = File.ReadAllText(path);
        File.WriteAllText(path, whole[..100]);
        for (int i = 0; i < 3; i++)
        {
            _cluster.Today.Move(RenewableCredentials.Interval);
            Assert.Same(before, _credentials.Current);
        }

        string line = Assert.Single(_said);
        Assert.Contains("is no certificate of a member", line, StringComparison.Ordinal);
        Assert.EndsWith("the credentials that were read before stay in use", line, StringComparison.Ordinal);
        File.WriteAllText(path, whole);
        _cluster.Today.Move(RenewableCredentials.Interval);
        Assert.Equal(before.Certificate.Thumbprint, _credentials.Current.Certificate.Thumbprint);
    }

    [Fact]
    public void The_end_is_told_once_also_while_nothing_changes()
    {
        _cluster.Today.Move(TimeSpan.FromDays(90));
        _ = _credentials.Current;
        _cluster.Today.Move(RenewableCredentials.Interval);
        _ = _credentials.Current;
        Assert.Contains("in 10 days", Assert.Single(_said), StringComparison.Ordinal);
        new RenewableCredentials(_cluster.Host, _cluster.Today, _said.Add).Current.Certificate.Dispose();
        Assert.Equal(2, _said.Count);
    }
}
