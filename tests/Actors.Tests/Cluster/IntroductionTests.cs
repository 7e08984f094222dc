using System.Collections.Concurrent;
using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>
/// Host and worker say to each other who they are, and say it again where that was lost: a worker that does not know
/// its host could not bring it the answers that it keeps.
/// </summary>
public sealed class IntroductionTests : WorkerScenario
{
    [Fact]
    public async Task A_host_says_again_who_it_is_to_a_worker_that_has_not_heard_it()
    {
        await using var worker = new Member(Cluster.Node(), NodeRole.Worker);
        await worker.HearsAsync<WorkerWelcome>(1);
        for (int heard = 2; heard <= 4; heard++)
        {
            await worker.SayAsync(Stranger());
            await worker.HearsAsync<WorkerWelcome>(heard);
        }
    }

    [Fact]
    public async Task A_worker_reports_that_it_does_not_know_its_host_until_it_does()
    {
        await Desk.DisposeAsync();
        await using var host = new Member(Cluster.Node(joins: false), NodeRole.Host);
        Cluster.StartWorker(Quick(), Cluster.Worker() with { Node = Cluster.Node() with { Join = [host.Endpoint] } });
        await host.HearsAsync<WorkerReport>(3);
        Assert.All(host.Heard<WorkerReport>(), report => Assert.Null(report.Instance));
        await host.SayAsync(new WorkerWelcome("host"));
        await Until.HoldsAsync(() => host.Heard<WorkerReport>()[^1].Instance == "host");
    }

    private static WorkerReport Stranger() =>
        new("w", WorkerState.Busy, "cpu", 1, "2.10.0", "machine", 7, 0, 0, 0);

    /// <summary>A member that does nothing but listen, and say what it is told to.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly ActorSystem _system = ActorSystem.Create("member");
        private readonly ConcurrentQueue<object> _heard = new();
        private readonly ClusterNode _node;

        public Member(NodeOptions options, string role)
        {
            var owner = _system.ActorOf(Props.Create(() => new Listener(_heard)));
            _node = ClusterNode.Start(options, role, owner, NullLoggerFactory.Instance);
        }

        public ClusterEndpoint Endpoint => new("127.0.0.1", _node.Self.Port!.Value);

        /// <summary>What has come of a kind.</summary>
        public IReadOnlyList<T> Heard<T>() =>
            [.. _heard.OfType<WireCame>().Select(came => came.Message).OfType<T>()];

        public Task HearsAsync<T>(int count) =>
            Until.HoldsAsync($"{typeof(T).Name} comes {count} times", () => Heard<T>().Count >= count);

        /// <summary>Says something to the other member.</summary>
        public async Task SayAsync(IWireMessage message)
        {
            var other = await Until.HasAsync(() => _heard.OfType<MemberCame>().FirstOrDefault());
            _node.Send(_node.GateAt(other.Address), message);
        }

        public async ValueTask DisposeAsync()
        {
            await _node.DisposeAsync();
            await _system.Terminate();
        }
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<object> heard) => ReceiveAny(heard.Enqueue);
    }
}
