namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>Death watch. To be used from inside the watching actor only.</summary>
public interface ICanWatch
{
    /// <summary>
    /// Asks for one <see cref="Terminated"/> when <paramref name="subject"/> stops (a restart is no stop). Watching
    /// oneself or watching twice does nothing; a subject already dead answers at once with
    /// <see cref="Terminated.ExistenceConfirmed"/> false.
    /// </summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>
    /// Like <see cref="Watch"/>, but <paramref name="message"/> arrives in place of <see cref="Terminated"/>. If
    /// already watched, the first wish stands.
    /// </summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Ends the watch; also discards a notice that is already in the mailbox.</summary>
    IActorRef Unwatch(IActorRef subject);
}
