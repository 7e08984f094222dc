// The one place that knows which actor runtime this is: with Akka.NET, this file changes and no other. What the runtime
// is told at its start, and what is read from it for metrics beyond Akka.NET's API, stands here too.
global using CurvatureMonitor.ActorKernel.Actor;
global using DeadLetter = CurvatureMonitor.ActorKernel.Event.DeadLetter;
global using Done = CurvatureMonitor.ActorKernel.Done;
using CurvatureMonitor.ActorKernel.Configuration;
using CurvatureMonitor.ActorKernel.Event;
using CurvatureMonitor.ActorKernel.Observation;

namespace CurvatureMonitor.Actors;

/// <summary>The actor runtime as the monitor sets it up.</summary>
internal static class Kernel
{
    /// <summary>The dispatcher that gives an actor a thread of its own.</summary>
    public const string PinnedDispatcher = KernelSetup.PinnedDispatcherId;

    /// <summary>Starts the runtime.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="time">The clock behind timers and timeouts.</param>
    /// <param name="grace">How long an orderly shutdown takes at most, about: nine tenths for the work to end, the rest
    /// for the actors.</param>
    /// <param name="log">Gets warnings (false) and errors (true) of the runtime itself.</param>
    public static ActorSystem Start(string name, TimeProvider time, TimeSpan grace, Action<bool, string> log) =>
        ActorSystem.Create(
            name,
            new KernelSetup
            {
                TimeProvider = time,
                PhaseTimeouts = new Dictionary<string, TimeSpan>
                {
                    [CoordinatedShutdown.PhaseServiceRequestsDone] = grace * 0.9,
                    [CoordinatedShutdown.PhaseActorSystemTerminate] = grace * 0.15,
                },
                LogSink = entry =>
                {
                    if (entry.LogLevel() >= LogLevel.WarningLevel)
                    {
                        log(entry.LogLevel() >= LogLevel.ErrorLevel, entry.ToString().ReplaceLineEndings(" "));
                    }
                },
            }
        );

    /// <summary>How many messages wait for each class of actors, all of the class together.</summary>
    public static IReadOnlyDictionary<Type, long> MailboxDepths(ActorSystem system) =>
        system
            .LiveActors()
            .GroupBy(actor => actor.ActorType)
            .ToDictionary(group => group.Key, group => group.Sum(actor => (long)actor.MailboxDepth));
}
