using Akka.Actor;
using Akka.Configuration;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Runtime;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>The settings of Akka.NET for a member of a cluster.</summary>
internal static class NodeConfiguration
{
    /// <summary>The name of the actor systems of all members.</summary>
    public const string SystemName = "curvature";

    /// <summary>The name of the actor to which messages of other members are addressed.</summary>
    public const string Gate = "gate";

    // Head room for addresses and names around a message.
    private const int FrameBytes = WireFormat.MaximumBytes + (64 << 10);

    /// <summary>
    /// Members speak TLS, and read the messages of the cluster and of Akka.NET's own protocols alone: nothing that
    /// names a type of its own. Actors cannot be started, stopped or looked up from outside. The side of a split that
    /// has the oldest host goes on; timings of heartbeats are Akka.NET's, which hold beside BLAS on all cores. What a
    /// person must know of members <see cref="NodeLog"/> tells: Akka.NET's own warnings say it again, in its terms.
    /// </summary>
    public static Config Of(NodeOptions options, string role) =>
        ConfigurationFactory
            .ParseString(options.Overrides)
            .WithFallback(TimeProviderScheduler.Configuration(TimeProvider.System))
            .WithFallback(Settings(options, role));

    /// <summary>The address of a member.</summary>
    public static Address AddressOf(ClusterEndpoint endpoint) =>
        new("akka.ssl.tcp", SystemName, endpoint.Host, endpoint.Port);

    private static Config Settings(NodeOptions options, string role) =>
        ConfigurationFactory.ParseString(
            $$"""
            akka {
              loglevel = ERROR
              stdout-loglevel = OFF
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              coordinated-shutdown {
                run-by-clr-shutdown-hook = off
                run-by-actor-system-terminate = off
                exit-clr = off
              }
              actor {
                provider = cluster
                guardian-supervisor-strategy = "{{NameOf<RestartingGuardian>()}}"
                serializers {
                  curvature-wire = "{{NameOf<WireSerializer>()}}"
                  json = "{{NameOf<ClosedJsonSerializer>()}}"
                  daemon-create = "{{NameOf<ClosedDeploymentSerializer>()}}"
                }
                serialization-bindings {
                  "{{NameOf<IWireMessage>()}}" = curvature-wire
                  "{{NameOf<EncodedMessage>()}}" = curvature-wire
                }
                serialization-settings.allow-unregistered-types = false
              }
              remote {
                log-remote-lifecycle-events = off
                untrusted-mode = on
                trusted-selection-paths = [
                  "/system/cluster/core/daemon"
                  "/system/cluster/core/daemon/heartbeatSender"
                  "/system/cluster/heartbeatReceiver"
                ]
                dot-netty.tcp {
                  hostname = "{{options.Listen.Host}}"
                  port = {{options.Listen.Port}}
                  enable-ssl = true
                  maximum-frame-size = {{FrameBytes}}b
                  send-buffer-size = {{FrameBytes}}b
                  receive-buffer-size = {{FrameBytes}}b
                }
              }
              cluster {
                roles = [{{role}}]
                seed-nodes = [{{string.Join(", ", options.Join.Select(seed => $"\"{AddressOf(seed)}\""))}}]
                downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
                split-brain-resolver {
                  active-strategy = keep-oldest
                  stable-after = 10s
                  keep-oldest {
                    role = {{NodeRole.Host}}
                    down-if-alone = off
                  }
                }
              }
            }
            """
        );

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
