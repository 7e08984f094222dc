using Akka.Actor;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>Where the actors of the project run, and how their mailboxes are counted.</summary>
internal static class ActorProps
{
    /// <summary>Has the mailbox depth shown by /metrics under a kind of actors.</summary>
    /// <param name="props">The recipe of the actor.</param>
    /// <param name="kind">One of <see cref="ActorNames.All"/>.</param>
    public static Props CountedAs(this Props props, string kind) => props.WithMailbox(CountedMailbox.Id(kind));

    /// <summary>Gives the actor a thread of its own: it blocks, by training or by measuring.</summary>
    /// <param name="props">The recipe of the actor.</param>
    public static Props Pinned(this Props props) => props.WithDispatcher(ActorRuntime.PinnedDispatcher);
}
