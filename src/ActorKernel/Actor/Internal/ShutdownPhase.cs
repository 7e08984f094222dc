using static CurvatureMonitor.ActorKernel.Actor.CoordinatedShutdown;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>One phase of the coordinated shutdown.</summary>
/// <param name="DependsOn">What must come before.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="Recover">Whether failures in it are passed over.</param>
internal sealed record ShutdownPhase(IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover = true)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The built-in phases, each after the one before.</summary>
    public static IReadOnlyDictionary<string, ShutdownPhase> Defaults(IReadOnlyDictionary<string, TimeSpan> timeouts)
    {
        string[] names =
        [
            PhaseBeforeServiceUnbind,
            PhaseServiceUnbind,
            PhaseServiceRequestsDone,
            PhaseServiceStop,
            PhaseBeforeClusterShutdown,
            PhaseClusterShardingShutdownRegion,
            PhaseClusterLeave,
            PhaseClusterExiting,
            PhaseClusterExitingDone,
            PhaseClusterShutdown,
            PhaseBeforeActorSystemTerminate,
            PhaseActorSystemTerminate,
        ];
        string[] slow = [PhaseClusterShardingShutdownRegion, PhaseClusterExiting, PhaseActorSystemTerminate];
        var phases = new Dictionary<string, ShutdownPhase>();
        for (var i = 0; i < names.Length; i++)
        {
            var timeout = timeouts.GetValueOrDefault(
                names[i],
                slow.Contains(names[i]) ? DefaultTimeout * 2 : DefaultTimeout
            );
            phases[names[i]] = new ShutdownPhase(i == 0 ? [] : [names[i - 1]], timeout);
        }

        if (timeouts.Keys.FirstOrDefault(name => !phases.ContainsKey(name)) is { } unknown)
        {
            throw new Configuration.ConfigurationException($"Unknown phase [{unknown}] in the phase timeouts.");
        }

        return phases;
    }

    /// <summary>Phases in an order that respects what each depends on.</summary>
    /// <exception cref="ArgumentException">They depend on each other in a circle.</exception>
    public static IReadOnlyList<string> TopologicalSort(IReadOnlyDictionary<string, ShutdownPhase> phases)
    {
        var order = new List<string>();
        var visiting = new HashSet<string>();
        foreach (var phase in phases.Keys)
        {
            Visit(phase);
        }

        return order;

        void Visit(string phase)
        {
            if (order.Contains(phase))
            {
                return;
            }

            if (!visiting.Add(phase))
            {
                throw new ArgumentException(
                    $"Cycle detected in graph of phases. It must be a DAG. phase [{phase}] depends transitively on "
                        + $"itself."
                );
            }

            foreach (var dependency in phases.TryGetValue(phase, out var settings) ? settings.DependsOn : [])
            {
                Visit(dependency);
            }

            order.Add(phase);
        }
    }
}
