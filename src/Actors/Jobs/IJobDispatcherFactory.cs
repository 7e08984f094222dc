using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>Makes what stands behind the seam where runs hand out their jobs.</summary>
public interface IJobDispatcherFactory
{
    /// <summary>
    /// Makes the dispatcher of a monitor. One that is an <see cref="IMonitorObserver"/> too learns every event that the
    /// journal took, after metrics and observers; one that is <see cref="IAsyncDisposable"/> is disposed when the
    /// monitor has stopped.
    /// </summary>
    /// <param name="context">What the monitor lends it.</param>
    IJobDispatcher Create(DispatcherContext context);
}
