using CurvatureMonitor.LivePage.Streaming;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.History;

/// <summary>What the page and the API read: the runs of this process, in memory. Thread-safe.</summary>
internal interface IRunHistory
{
    /// <summary>Every run that is remembered, the one started last first.</summary>
    IReadOnlyList<RunSnapshot> Runs();

    /// <summary>One consistent picture of a run, or null where no run has that name.</summary>
    RunDocument? Find(string run);

    /// <summary>Starts to listen to everything that is recorded from now on.</summary>
    EventSubscription Subscribe();
}
