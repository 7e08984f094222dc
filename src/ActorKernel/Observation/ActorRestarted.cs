using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Observation;

/// <summary>
/// Published on the event stream each time an actor has been restarted and its new instance runs. An addition of this
/// kernel, for metrics.
/// </summary>
/// <param name="Actor">Who was restarted.</param>
/// <param name="ActorType">Its class.</param>
/// <param name="Cause">The failure that the restart answers; an ancestor's failure when that one was restarted.</param>
public sealed record ActorRestarted(IActorRef Actor, Type ActorType, Exception Cause);
