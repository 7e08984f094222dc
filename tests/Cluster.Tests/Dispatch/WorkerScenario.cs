using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>A host that offers jobs, and workers on a real broker whose measurements wait for a gate.</summary>
public abstract class WorkerScenario(RabbitMqFixture broker) : IAsyncLifetime, IDisposable
{
    private protected TestCluster Cluster { get; } = new(broker.Server);

    private protected ManualResetEventSlim Gate { get; } = new();

    private protected JobDesk Desk { get; private set; } = null!;

    public Task InitializeAsync()
    {
        Desk = new JobDesk(Cluster);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Gate.Dispose();
        GC.SuppressFinalize(this);
    }

    public async Task DisposeAsync()
    {
        Gate.Set();
        await Desk.DisposeAsync();
        await Cluster.EndAsync();
    }

    private protected static ScriptedAnalyzer Quick() => new((job, _) => Reports.Sharpness(job.Id.Step));

    private protected ScriptedAnalyzer Gated() =>
        new(
            (job, _) =>
            {
                Gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
}
