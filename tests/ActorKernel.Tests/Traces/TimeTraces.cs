using CurvatureMonitor.ActorKernel.Pattern;

namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>Traces T15, T18 and T22 of the real Akka.NET, on a clock that the test moves.</summary>
public sealed class TimeTraces : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TestSystem _test;

    public TimeTraces() => _test = new TestSystem(new KernelSetup { TimeProvider = _clock });

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task T15_the_receive_timeout_repeats_while_idle()
    {
        var actor = _test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    if (message is ReceiveTimeout)
                    {
                        _test.Trace.Add("RT");
                    }
                    else
                    {
                        context.SetReceiveTimeout(TimeSpan.FromMilliseconds(100));
                    }
                }
            )
        );
        actor.Tell("start");
        await Ready(actor);
        for (var i = 1; i <= 3; i++)
        {
            _clock.Advance(100);
            await _test.Trace.Until("RT", i);
            await Ready(actor);
        }

        _clock.Advance(50);
        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe("RT | RT | RT");
    }

    [Fact]
    public async Task A_message_puts_the_receive_timeout_off_unless_it_is_marked_and_null_ends_it()
    {
        var actor = _test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    switch (message)
                    {
                        case ReceiveTimeout:
                            _test.Trace.Add("RT");
                            break;
                        case "off":
                            context.SetReceiveTimeout(null);
                            break;
                        case "on":
                            context.SetReceiveTimeout(TimeSpan.FromMilliseconds(100));
                            break;
                        default:
                            break;
                    }
                }
            )
        );
        actor.Tell("on");
        await Ready(actor);
        _clock.Advance(60);
        actor.Tell("put off");
        await Ready(actor);
        _clock.Advance(60);
        actor.Tell(new Quiet());
        await Ready(actor);
        _test.Trace.ShouldBe("");
        _clock.Advance(40);
        await _test.Trace.Until("RT");
        await Ready(actor);
        actor.Tell("off");
        await Ready(actor);
        _clock.Advance(1000);
        await Ready(actor);
        _test.Trace.ShouldBe("RT");
    }

    [Fact]
    public async Task T18_a_timer_replaces_that_of_its_key_and_a_restart_cancels_all()
    {
        var supervisor = _test.Supervise(null);
        var actor = await supervisor.Ask<IActorRef>(Props.Create(() => new Tm(_test.Trace)), Deadline.Length);
        actor.Tell("replace");
        await Ready(actor);
        _clock.Advance(50);
        await _test.Trace.Until("timer second");
        actor.Tell("restart");
        await _test.Trace.Until("Tm.ctor", 2);
        await Ready(actor);
        _clock.Advance(1000);
        await Ready(actor);
        _test.Trace.ShouldBe("Sup.PreStart | Tm.ctor | timer second | Tm.ctor");
    }

    [Fact]
    public async Task A_timer_message_in_the_mailbox_is_discarded_when_its_timer_is_cancelled()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Tm(_test.Trace)));
        actor.Tell("replace");
        await Ready(actor);
        using var gate = new SemaphoreSlim(0);
        actor.Tell(gate);
        _clock.Advance(50);
        gate.Release();
        await Ready(actor);
        _test.Trace.ShouldBe("Tm.ctor");
    }

    [Fact]
    public async Task A_periodic_timer_keeps_its_interval()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Tm(_test.Trace)));
        actor.Tell("periodic");
        await Ready(actor);
        _clock.Advance(10);
        await _test.Trace.Until("timer tick");
        _clock.Advance(99);
        await Ready(actor);
        Assert.Single(_test.Trace.Events, e => e == "timer tick");
        _clock.Advance(201);
        await _test.Trace.Until("timer tick", 4);
    }

    [Fact]
    public async Task T22_a_backoff_supervisor_starts_a_stopped_child_after_a_pause_and_forgets_after_a_long_life()
    {
        var options = Backoff.OnStop(
            Props.Create(() => new Bk(_test.Trace)),
            "bk",
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromSeconds(1),
            0
        );
        var supervisor = _test.System.ActorOf(BackoffSupervisor.Props(options), "backoff");
        await _test.Trace.Until("BK.PreStart");
        supervisor.Tell("selfstop");
        await ChildIs(supervisor, alive: false);
        _clock.Advance(60);
        supervisor.Tell("lost");
        await _test.Dead.Until("DL(lost->deadLetters)");
        Assert.DoesNotContain("BK.ctor", _test.Trace.Events.Skip(2));
        _clock.Advance(40);
        await _test.Trace.Until("BK.PreStart", 2);
        _clock.Advance(200);
        await Ready(supervisor);
        supervisor.Tell("selfstop");
        await ChildIs(supervisor, alive: false);
        _clock.Advance(99);
        await Ready(supervisor);
        Assert.Equal(2, _test.Trace.Events.Count(e => e == "BK.ctor"));
        _clock.Advance(1);
        await _test.Trace.Until("BK.PreStart", 3);
        _clock.Advance(100);
        await Ready(supervisor);
        var restarts = await supervisor.Ask<BackoffSupervisor.RestartCount>(
            BackoffSupervisor.GetRestartCount.Instance,
            Deadline.Length
        );
        _test.Trace.Add($"n={restarts.Count}");
        _test.Trace.ShouldBe(
            "BK.ctor | BK.PreStart | BK.selfstop | BK.PostStop | BK.ctor | BK.PreStart | BK.selfstop | BK.PostStop | "
                + "BK.ctor | BK.PreStart | n=0"
        );
    }

    [Fact]
    public async Task A_backoff_supervisor_on_failure_delays_the_restart_gives_up_at_the_limit_and_ends_with_its_child()
    {
        var options = Backoff
            .OnFailure(
                Props.Create(() => new Bk(_test.Trace)),
                "bk",
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromSeconds(1),
                0
            )
            .WithManualReset()
            .WithMaxNrOfRetries(2)
            .WithReplyWhileStopped("down");
        var supervisor = _test.System.ActorOf(BackoffSupervisor.Props(options));
        for (var i = 0; i < 2; i++)
        {
            await _test.Trace.Until("BK.PreStart", i + 1);
            supervisor.Tell("boom");
            await ChildIs(supervisor, alive: false);
            Assert.Equal("down", await supervisor.Ask<string>("anyone?", Deadline.Length));

            // 100 ms, then 200 ms.
            _clock.Advance((100 << i) - 1);
            await Ready(supervisor);
            await ChildIs(supervisor, alive: false);
            _clock.Advance(1);
            await ChildIs(supervisor, alive: true);
        }

        supervisor.Tell("boom");
        await TestSystem.Gone(supervisor);

        var other = _test.System.ActorOf(BackoffSupervisor.Props(options));
        await ChildIs(other, alive: true);
        other.Tell("selfstop");
        await TestSystem.Gone(other);
    }

    [Fact]
    public async Task A_scheduler_validates_fires_cancels_and_refuses_after_the_end()
    {
        var scheduler = _test.System.Scheduler;
        var actor = _test.System.ActorOf(Handler.Props((_, message) => _test.Trace.Add((string)message)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(-1), actor, "x", null)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.Zero, actor, "x", null)
        );
        scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(10), actor, "once", null);
        var cancelled = scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(10), actor, "never", null);
        var repeated = scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(20),
            actor,
            "again",
            null
        );
        cancelled.Cancel();
        _clock.Advance(9);
        await Ready(actor);
        _test.Trace.ShouldBe("");
        _clock.Advance(41);
        await Ready(actor);
        repeated.Cancel();
        _clock.Advance(100);
        await Ready(actor);
        _test.Trace.ShouldBe("once | again | again | again");
        await Until.HoldsAsync(() => _clock.Armed == 0);
        await _test.System.Terminate().InTime();
        Assert.Throws<SchedulerException>(() => scheduler.ScheduleTellOnce(TimeSpan.Zero, actor, "late", null));
    }

    private static async Task Ready(IActorRef actor)
    {
        await TestSystem.Settled(actor);

        // Twice: the timeout is armed after a message has been processed, the second answer comes after that.
        await TestSystem.Settled(actor);
    }

    private static async Task ChildIs(IActorRef supervisor, bool alive)
    {
        BackoffSupervisor.CurrentChild child;
        do
        {
            child = await supervisor
                .Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Deadline.Length)
                .InTime();
        } while (child.Ref.IsNobody() == alive);
    }

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    private sealed class Tm : ReceiveActor, IWithTimers
    {
        public Tm(Trace trace)
        {
            trace.Add("Tm.ctor");
            Receive<string>(
                s => s == "replace",
                _ =>
                {
                    Timers!.StartSingleTimer("key", "first", TimeSpan.FromMilliseconds(50));
                    Timers.StartSingleTimer("key", "second", TimeSpan.FromMilliseconds(50));
                }
            );
            Receive<string>(
                s => s == "periodic",
                _ =>
                    Timers!.StartPeriodicTimer(
                        "key",
                        "tick",
                        TimeSpan.FromMilliseconds(10),
                        TimeSpan.FromMilliseconds(100)
                    )
            );
            Receive<string>(
                s => s == "restart",
                _ =>
                {
                    Timers!.StartSingleTimer("other", "third", TimeSpan.FromMilliseconds(50));
                    throw new InvalidOperationException("restart");
                }
            );
            Receive<SemaphoreSlim>(gate =>
            {
                gate.Wait(Deadline.Length);
                Timers!.Cancel("key");
                Assert.False(Timers.IsTimerActive("key"));
            });
            Receive<string>(s => trace.Add($"timer {s}"));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private sealed class Bk : ReceiveActor
    {
        private readonly Trace _trace;

        public Bk(Trace trace)
        {
            _trace = trace;
            trace.Add("BK.ctor");
            Receive<string>(
                s => s == "selfstop",
                _ =>
                {
                    trace.Add("BK.selfstop");
                    Context.Stop(Self);
                }
            );
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
        }

        protected override void PreStart() => _trace.Add("BK.PreStart");

        protected override void PostStop() => _trace.Add("BK.PostStop");
    }
}
