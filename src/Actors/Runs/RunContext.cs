using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>What a run's actor needs.</summary>
/// <param name="Request">What is monitored, and how it is measured.</param>
/// <param name="Description">The same for outsiders.</param>
/// <param name="Probe">The run's objective; the run's actor disposes it.</param>
/// <param name="Trainer">The recipe of its trainer, or of the intake where it is trained elsewhere.</param>
/// <param name="Dispatcher">Where its jobs go.</param>
/// <param name="Metrics">Who learns its events.</param>
/// <param name="Time">The clock.</param>
internal sealed record RunContext(
    MonitoringRequest Request,
    RunDescription Description,
    RunProbe Probe,
    Props Trainer,
    IJobDispatcher Dispatcher,
    IActorRef Metrics,
    TimeProvider Time
);
