using Akka.Actor;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>What a run's actor is constructed with.</summary>
/// <param name="Request">What is monitored, and how it is measured.</param>
/// <param name="Description">The same for outsiders.</param>
/// <param name="Resources">The run's objective and checkpoints; the run's actor ends both.</param>
/// <param name="Source">The recipe of its trainer, or of the intake where it is trained elsewhere.</param>
internal sealed record RunContext(
    MonitoringRequest Request,
    RunDescription Description,
    RunResources Resources,
    Props Source
);
