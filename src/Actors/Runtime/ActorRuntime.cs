using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting.Logging;
using CurvatureMonitor.Actors.Serialization;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Runtime;

/// <summary>The settings of Akka.NET that the project needs, in one place.</summary>
internal static class ActorRuntime
{
    /// <summary>The dispatcher that gives an actor a thread of its own.</summary>
    public const string PinnedDispatcher = "curvature.pinned-dispatcher";

    /// <summary>The settings: logs, timeouts, dispatchers, mailboxes and phases of shutdown.</summary>
    /// <param name="time">The clock behind timers and timeouts.</param>
    /// <param name="grace">
    /// The time that an orderly shutdown may take, about: nine tenths for the work to end, the rest for the actors.
    /// </param>
    public static Config Configuration(TimeProvider time, TimeSpan grace) =>
        ConfigurationFactory
            .ParseString(
                $$"""
                akka {
                  loglevel = WARNING
                  stdout-loglevel = OFF
                  actor.ask-timeout = 10s
                  coordinated-shutdown {
                    run-by-clr-shutdown-hook = off
                    phases {
                      service-requests-done.timeout = {{Milliseconds(grace * 0.9)}}
                      actor-system-terminate.timeout = {{Milliseconds(grace * 0.15)}}
                    }
                  }
                }
                {{PinnedDispatcher}}.type = PinnedDispatcher
                {{Mailboxes()}}
                """
            )
            .WithFallback(MessageSerializer.Configuration)
            .WithFallback(TimeProviderScheduler.Configuration(time));

    /// <summary>Starts an actor system without a host: that of a worker, or of a test.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="time">The clock behind timers and timeouts.</param>
    /// <param name="grace">The time that an orderly shutdown may take.</param>
    /// <param name="logs">Receives the warnings and errors of the system and its actors.</param>
    /// <param name="overrides">Settings that take the place of these; none where null.</param>
    public static ActorSystem Start(
        string name,
        TimeProvider time,
        TimeSpan grace,
        ILoggerFactory logs,
        Config? overrides = null
    )
    {
        var config = (overrides ?? Config.Empty)
            .WithFallback(Configuration(time, grace))
            .WithFallback(
                ConfigurationFactory.ParseString(
                    $"akka.loggers = [\"{typeof(LoggerFactoryLogger).AssemblyQualifiedName}\"]"
                )
            );
        return ActorSystem.Create(name, BootstrapSetup.Create().WithConfig(config).And(new LoggerFactorySetup(logs)));
    }

    private static string Mailboxes() =>
        string.Join('\n', ActorNames.All.Select(kind => CountedMailbox.Configuration(kind)));

    private static string Milliseconds(TimeSpan time) => $"{(long)time.TotalMilliseconds}ms";
}
