using Akka.Actor;
using Akka.Configuration;
using CurvatureMonitor.Actors.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>
/// Actor systems in which every message is written and read on its way, and one that is no message of the monitor is an
/// error: messages are data.
/// </summary>
internal static class CheckedMessages
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>The settings that have messages checked, over those of the monitor.</summary>
    public static Config Checks { get; } =
        ConfigurationFactory.ParseString(
            $$"""
            akka.actor {
              serialize-messages = on
              serializers.json = "{{NameOf(typeof(RefusingSerializer))}}"
            }
            """
        );

    /// <summary>The settings of a system on the system's clock.</summary>
    public static Config Configuration { get; } =
        Checks.WithFallback(ActorRuntime.Configuration(TimeProvider.System, Grace));

    /// <summary>Starts such a system.</summary>
    public static ActorSystem Start(string name, TimeProvider time) =>
        ActorRuntime.Start(name, time, Grace, NullLoggerFactory.Instance, Checks);

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
