using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Tests.Wire;

/// <summary>Failures and drops arrive with their reasons.</summary>
public sealed class WireFailureTests
{
    [Fact]
    public void Failures_and_drops_arrive_with_their_reasons()
    {
        var id = new JobId("r", 3, AnalysisKind.BatchSharpness);
        foreach (var reason in Enum.GetValues<JobFailureReason>())
        {
            var failed = new JobFailed(id, reason, "no \"luck\"", 0.1 + 0.2, 2);
            Assert.Equal(
                failed,
                WireJson.Read<ResultMessage>(WireJson.Write(ResultMessage.Of("w", failed))).ToAnswer()
            );
        }

        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var dropped = new JobDropped(id, reason);
            Assert.Equal(
                dropped,
                WireJson.Read<ResultMessage>(WireJson.Write(ResultMessage.Of("w", dropped))).ToAnswer()
            );
        }
    }
}
