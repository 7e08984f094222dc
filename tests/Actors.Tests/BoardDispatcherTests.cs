using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Actors.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The curvature actors of this process.</summary>
public sealed class BoardDispatcherTests : DispatcherConformance
{
    private protected override IJobDispatcher Create(
        JobInbox inbox,
        ICheckpointAnalyzerFactory analyzers,
        int workers
    )
    {
        var settings = new WorkerSettings(
            workers,
            analyzers,
            inbox.Resources,
            new JobCancellations(),
            TimeProvider.System,
            NullLogger.Instance
        );
        return new BoardDispatcher(LocalBoard.Start(inbox.System, settings, inbox.System.DeadLetters));
    }
}
