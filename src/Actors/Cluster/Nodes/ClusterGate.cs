using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using CurvatureMonitor.Actors.Cluster.Wire;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>
/// The one actor of a node: passes messages of the cluster to their owner, and what is seen of its members. A host's
/// gate downs a worker whose connection breaks, so that it comes back as a new process or not at all.
/// </summary>
internal sealed class ClusterGate : ReceiveActor
{
    private readonly IActorRef _owner;
    private readonly string _role;
    private readonly ILogger _logger;
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private readonly Dictionary<Address, string> _members = [];
    private readonly HashSet<Address> _gone = [];
    private string? _lastRefusal;

    public ClusterGate(IActorRef owner, string role, ILogger logger)
    {
        (_owner, _role, _logger) = (owner, role, logger);
        Receive<IWireMessage>(message => _owner.Tell(new WireCame(message, Sender)));
        Receive<ClusterEvent.MemberUp>(up => Came(up.Member));
        Receive<ClusterEvent.MemberWeaklyUp>(up => Came(up.Member));
        Receive<ClusterEvent.ReachableMember>(back => Came(back.Member));
        Receive<ClusterEvent.UnreachableMember>(lost => Lost(lost.Member.Address, LossSignal.Unreachable));
        Receive<ClusterEvent.MemberRemoved>(Removed);
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<DisassociatedEvent>(broken => Broken(broken.RemoteAddress));
        Receive<AssociationErrorEvent>(Refused);
        Receive<ThisActorSystemQuarantinedEvent>(_ =>
            _owner.Tell(new NodeShutOut("a host has shut this process out after it was lost for a while"))
        );
    }

    /// <summary>The recipe of the gate.</summary>
    public static Props Props(IActorRef owner, string role, ILogger logger) =>
        Akka.Actor.Props.Create(() => new ClusterGate(owner, role, logger));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent)
        );
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    // Whoever is in may send anything; what is no message of the cluster is passed over.
    protected override void Unhandled(object message) { }

    private void Came(Member member)
    {
        if (member.Status is not (MemberStatus.Up or MemberStatus.WeaklyUp) || member.Address == _cluster.SelfAddress)
        {
            return;
        }

        string role = member.HasRole(NodeRole.Host) ? NodeRole.Host : NodeRole.Worker;
        _lastRefusal = null;
        if (_members.TryAdd(member.Address, role))
        {
            NodeLog.Came(_logger, role, member.Address);
        }

        _owner.Tell(new MemberCame(member.Address, role));
    }

    private void Lost(Address address, LossSignal signal)
    {
        if (_members.TryGetValue(address, out string? role))
        {
            NodeLog.Lost(_logger, role, address, signal);
            _owner.Tell(new MemberLost(address, role, signal));
        }
    }

    private void Removed(ClusterEvent.MemberRemoved removed)
    {
        var address = removed.Member.Address;
        _gone.Remove(address);
        if (_members.Remove(address, out string? role))
        {
            _owner.Tell(new MemberLost(address, role, LossSignal.Removed));
        }
    }

    private void Broken(Address address)
    {
        Lost(address, LossSignal.Disassociated);

        // Told once; between hosts the cluster decides who stays.
        if (_role == NodeRole.Host && _members.GetValueOrDefault(address) == NodeRole.Worker)
        {
            _members.Remove(address);
            _gone.Add(address);
            _cluster.Down(address);
        }
    }

    // The same failure comes again every few seconds, for as long as it lasts.
    private void Refused(AssociationErrorEvent error)
    {
        string reason = (error.Cause?.GetBaseException().Message ?? "it is refused").ReplaceLineEndings(" ");
        string refusal = $"{error.RemoteAddress} {reason}";
        if (refusal != _lastRefusal && !_gone.Contains(error.RemoteAddress))
        {
            _lastRefusal = refusal;
            NodeLog.NotConnected(_logger, error.RemoteAddress, reason);
        }
    }
}
