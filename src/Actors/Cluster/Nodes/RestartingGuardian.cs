using Akka.Actor;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// The gate is started again whatever ends it: Akka.NET's own strategy stops an actor that is killed.
/// </summary>
internal sealed class RestartingGuardian : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Restart);
}
