namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A message that the runtime handles itself, before the actor's behaviour sees it.</summary>
public interface IAutoReceivedMessage;
