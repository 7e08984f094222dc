namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A message that should not be accepted from strangers.</summary>
public interface IPossiblyHarmful;
