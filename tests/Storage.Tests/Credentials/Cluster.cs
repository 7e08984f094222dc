using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Storage.Tests.Credentials;

/// <summary>A cluster's folder of credentials, made for a test on a day of its choice.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal Day Today { get; } = new();

    internal string Root => _folder["cluster"];

    internal string Host => Path.Combine(Root, "host");

    internal string Worker => Path.Combine(Root, "worker");

    internal AuthorityFolder Authority => new(Root, Today);

    internal static MemberIdentity[] Members =>
        [
            MemberIdentity.Parse("host,monitor.lan,10.0.0.5", MemberRole.Host),
            MemberIdentity.Parse("worker", MemberRole.Worker),
        ];

    internal static Cluster Create(int days = 100)
    {
        var cluster = new Cluster();
        cluster.Authority.Create(Members, days);
        return cluster;
    }

    internal MemberCredentials Load(string? folder = null) => MemberCredentials.Load(folder ?? Host, Today);

    /// <summary>The one line by which a folder is refused.</summary>
    internal string Refusal(string? folder = null)
    {
        string message = Assert.Throws<UserErrorException>(() => Load(folder)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("PRIVATE", message, StringComparison.Ordinal);
        return message;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A clock that stands on a day.</summary>
    internal sealed class Day : TimeProvider
    {
        // Timestamps of files are of the machine's own day.
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;

        internal void Move(TimeSpan by) => _now += by;
    }
}
