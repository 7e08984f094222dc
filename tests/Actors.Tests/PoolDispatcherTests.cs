using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Actors.Pool;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The curvature actors of this process.</summary>
public sealed class PoolDispatcherTests : DispatcherConformance
{
    private protected override IJobDispatcher Create(
        ActorSystem system,
        ICheckpointAnalyzerFactory analyzers,
        int workers
    )
    {
        var settings = new PoolSettings(workers, Attempts: 2, analyzers, TimeProvider.System, NullLogger.Instance);
        return new PoolDispatcher(system.ActorOf(Props.Create(() => new CurvaturePool(settings, system.DeadLetters))));
    }
}
