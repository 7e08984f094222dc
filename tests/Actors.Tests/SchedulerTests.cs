using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>What is scheduled has a timer of its own: nothing looks again and again for what is due.</summary>
public sealed class SchedulerTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task What_is_due_once_is_done_once_and_leaves_no_timer()
    {
        await using var system = new Owned(Start(_clock));
        int timers = _clock.Timers;
        int done = 0;
        system.Value.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(2), () => done++);
        _clock.Advance(1);
        Assert.Equal((0, timers + 1), (done, _clock.Timers));
        _clock.Advance(1);
        _clock.Advance(5);
        Assert.Equal((1, timers), (done, _clock.Timers));
    }

    [Fact]
    public async Task What_is_repeated_ends_with_its_cancellation()
    {
        await using var system = new Owned(Start(_clock));
        int timers = _clock.Timers;
        int done = 0;
        using var cancelled = new Cancelable(system.Value.Scheduler);
        var second = TimeSpan.FromSeconds(1);
        system.Value.Scheduler.Advanced.ScheduleRepeatedly(second, second, () => done++, cancelled);
        _clock.Advance(1);
        _clock.Advance(1);
        Assert.Equal((2, timers + 1), (done, _clock.Timers));
        cancelled.Cancel();
        _clock.Advance(1);
        Assert.Equal((2, timers), (done, _clock.Timers));
        system.Value.Scheduler.Advanced.ScheduleOnce(second, () => done++, cancelled);
        Assert.Equal(timers, _clock.Timers);
    }

    [Fact]
    public async Task Nothing_is_done_when_the_actor_system_has_ended()
    {
        var system = Start(_clock);
        int done = 0;
        var second = TimeSpan.FromSeconds(1);
        system.Scheduler.Advanced.ScheduleRepeatedly(second, second, () => done++);
        system.Scheduler.Advanced.ScheduleOnce(second, () => done++);
        await system.Terminate();
        _clock.Advance(1);
        Assert.Equal((0, 0), (done, _clock.Timers));
    }

    [Fact]
    public async Task No_actor_system_polls_the_system_clock()
    {
        await using var system = new Owned(Start(TimeProvider.System));
        Assert.IsType<TimeProviderScheduler>(system.Value.Scheduler);
        var cluster = new TestCluster();
        var node = NodeConfiguration.Of(cluster.Node(), NodeRole.Host);
        await cluster.EndAsync();
        Assert.Contains(nameof(TimeProviderScheduler), node.GetString("akka.scheduler.implementation"));
    }

    private static ActorSystem Start(TimeProvider clock) =>
        ActorRuntime.Start("scheduled", clock, TimeSpan.FromSeconds(5), NullLoggerFactory.Instance);

    private sealed record Owned(ActorSystem Value) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Value.Terminate();
    }
}
