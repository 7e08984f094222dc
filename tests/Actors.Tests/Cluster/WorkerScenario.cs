using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>A host that offers jobs, and workers whose measurements wait for a gate.</summary>
public abstract class WorkerScenario : IAsyncLifetime, IDisposable
{
    private protected TestCluster Cluster { get; } = new();

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
