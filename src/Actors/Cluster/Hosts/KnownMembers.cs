using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>The other members of the cluster, for the metrics.</summary>
/// <param name="metrics">Where their numbers are reported.</param>
internal sealed class KnownMembers(ClusterMetrics metrics)
{
    private readonly Dictionary<Address, (string Role, bool IsReached)> _members = [];

    /// <summary>A member has joined, or is reached again.</summary>
    public void Came(MemberCame came)
    {
        _members[came.Address] = (came.Role, true);
        Report();
    }

    /// <summary>A member is lost; one that is only silent still belongs to the cluster.</summary>
    public void Lost(MemberLost lost)
    {
        // Between hosts a connection may break and be made again: the cluster says who stays.
        bool isGone = lost.Signal == LossSignal.Removed || lost.Role == NodeRole.Worker;
        if (isGone && lost.Signal != LossSignal.Unreachable)
        {
            _members.Remove(lost.Address);
        }
        else if (lost.Signal == LossSignal.Unreachable && _members.ContainsKey(lost.Address))
        {
            _members[lost.Address] = (lost.Role, false);
        }

        Report();
    }

    /// <summary>The host has left the cluster.</summary>
    public void Clear()
    {
        _members.Clear();
        Report();
    }

    private void Report()
    {
        foreach (string role in new[] { NodeRole.Host, NodeRole.Worker })
        {
            var members = _members.Values.Where(member => member.Role == role).ToList();
            int reached = members.Count(member => member.IsReached);
            metrics.ReportMembers(role, reached, members.Count - reached);
        }
    }
}
