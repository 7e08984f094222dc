namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A message that leaves a running receive timeout alone.</summary>
public interface INotInfluenceReceiveTimeout;
