using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Stopping an actor and waiting until it has stopped.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends a <see cref="PoisonPill"/> and waits for the end.</summary>
    /// <returns>True when the actor and its children are gone and <c>PostStop</c> has run.</returns>
    /// <exception cref="TaskCanceledException">It did not stop in time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message upon which the actor is to stop itself, and waits for the end.</summary>
    /// <returns>True when the actor and its children are gone and <c>PostStop</c> has run.</returns>
    /// <exception cref="TaskCanceledException">It did not stop in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watchee = (InternalActorRef)target;
        if (watchee.System is not { } system)
        {
            return true;
        }

        var future = new FutureActorRef(system);
        watchee.SendSystemMessage(new Watch(watchee, future));
        if (!future.Result.IsCompleted)
        {
            future.ExpireAfter(timeout, () => new TaskCanceledException($"{target} did not stop within {timeout}."));
            watchee.Tell(stopMessage, ActorRefs.NoSender);
        }

        try
        {
            await future.Result.ConfigureAwait(false);
            return true;
        }
        finally
        {
            watchee.SendSystemMessage(new Unwatch(watchee, future));
        }
    }
}
