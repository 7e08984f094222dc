namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A message on its way, with its sender.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who sent it; null for nobody.</param>
public readonly record struct Envelope(object Message, IActorRef? Sender);
