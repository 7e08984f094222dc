using CurvatureMonitor.Cluster.Wire;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>Workers and the versions that a job needs.</summary>
public sealed class WireVersionTests
{
    [Theory]
    [InlineData("1.13.1", "1.13", true)]
    [InlineData("2.1.0+cu121", "2.1", true)]
    [InlineData("1.13.1", "2.0", false)]
    [InlineData("a night's build", "2.0", true)]
    [InlineData("1.13.1", null, true)]
    public void A_worker_meets_a_version_where_its_own_is_as_late(string torch, string? least, bool meets)
    {
        var status = new WorkerStatus(WireJson.Version, "w", WorkerState.Idle, "cpu", 1000, torch, "h", 1, 0);
        Assert.Equal(meets, status.Meets(new JobNeeds(1000, least is null ? null : Version.Parse(least))));
        Assert.False(status.Meets(new JobNeeds(1001, null)));
    }
}
