namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Anything that a message can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends a message, fire and forget; returns at once.</summary>
    /// <param name="message">The message; never null.</param>
    /// <param name="sender">Who the receiver sees as sender; null stands for nobody, seen as the dead letters.</param>
    /// <exception cref="ArgumentNullException">The message is null. On purpose stricter than Akka.NET, which refuses
    /// null only at started actors.</exception>
    void Tell(object message, IActorRef? sender);
}
