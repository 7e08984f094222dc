using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Actors.Hosting;

/// <summary>The memory that one job may use: its share of the monitor's budget.</summary>
/// <param name="options">The settings of the monitor.</param>
/// <param name="dispatchers">Present where jobs are measured elsewhere, with memory that is known there.</param>
internal sealed class MemoryShare(MonitorOptions options, IJobDispatcherFactory? dispatchers)
{
    private readonly long _bytesPerJob = dispatchers is null
        ? options.BytesPerJob(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        : long.MaxValue;

    /// <summary>The same settings within that share, at most half of which keeps gradient graphs.</summary>
    public AnalysisSettings Bound(AnalysisSettings settings) => settings.Within(_bytesPerJob);
}
