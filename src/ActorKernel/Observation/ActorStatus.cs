using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Observation;

/// <summary>One actor as seen from outside at some moment. An addition of this kernel, for metrics.</summary>
/// <param name="Actor">Who.</param>
/// <param name="ActorType">Its class.</param>
/// <param name="MailboxDepth">User messages waiting; the one being processed and stashed ones are not counted.</param>
/// <param name="Suspended">Whether user messages are held back: an asynchronous handler runs, or a failure is being
/// dealt with.</param>
public sealed record ActorStatus(IActorRef Actor, Type ActorType, int MailboxDepth, bool Suspended);
