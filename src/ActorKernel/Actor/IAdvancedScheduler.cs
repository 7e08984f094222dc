namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The part of the scheduler that runs code rather than sends messages.</summary>
public interface IAdvancedScheduler : IActionScheduler;
