using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Configuration;
using CurvatureMonitor.ActorKernel.Dispatch;
using CurvatureMonitor.ActorKernel.Event;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>A hierarchy of actors with its dispatchers, clock and event stream. One a process is the rule.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem() { }

    /// <summary>The name, first part of every path.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Publish and subscribe: dead letters, unhandled messages, log events, the product's own events.
    /// </summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Stands for recipients that do not exist.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>The clock.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The dispatchers.</summary>
    public abstract Dispatchers Dispatchers { get; }

    /// <summary>The mailboxes.</summary>
    public abstract Mailboxes Mailboxes { get; }

    /// <summary>A logger whose source is the system.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Completes when every actor has stopped and the termination callbacks have run.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>How long the system has been up.</summary>
    public TimeSpan Uptime => Scheduler.MonotonicClock;

    /// <summary>Creates a system with the default set-up.</summary>
    public static ActorSystem Create(string name) => Create(name, new KernelSetup());

    /// <summary>
    /// Creates a system. (Where Akka.NET takes a set-up with HOCON inside, this takes a <see cref="KernelSetup"/>.)
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty, has other characters than letters, digits, '-' and '_',
    /// or begins with one of the latter two.</exception>
    public static ActorSystem Create(string name, KernelSetup setup)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(setup);
        if (!char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}]: letters, digits, '-' and '_' only, a letter or digit first.",
                nameof(name)
            );
        }

        return new ActorSystemImpl(name, setup);
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Stops an actor; asynchronous.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>
    /// Ends the system: runs <see cref="CoordinatedShutdown"/>, then stops /user from the leaves up, then /system, then
    /// the clock.
    /// </summary>
    /// <returns><see cref="WhenTerminated"/>.</returns>
    public abstract Task Terminate();

    /// <summary>Runs a callback when the system has terminated; the last registered runs first.</summary>
    /// <exception cref="InvalidOperationException">The system has terminated already.</exception>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Starts <see cref="Terminate"/> and does not wait for it.</summary>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }
}
