namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A behaviour that counts every message as handled.</summary>
public delegate void UntypedReceive(object message);
