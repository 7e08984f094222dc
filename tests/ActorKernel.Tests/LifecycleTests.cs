using CurvatureMonitor.ActorKernel.Observation;

namespace CurvatureMonitor.ActorKernel.Tests;

/// <summary>What the traces leave open of life, supervision, props, stash and observation.</summary>
public sealed class LifecycleTests : IAsyncDisposable
{
    private readonly TestSystem _test = new(
        new KernelSetup { BoundedMailboxes = new Dictionary<string, int> { ["three"] = 3 } }
    );

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Props_capture_arguments_once_and_reuse_them()
    {
        var evaluations = 0;
        Func<int> next = () => ++evaluations;
        Func<Holder> make = () => throw new NotSupportedException();
        var props = Props.Create(() => new Holder(next()));
        for (var i = 0; i < 2; i++)
        {
            var actor = _test.System.ActorOf(props);
            actor.Tell("boom");
            Assert.Equal(1, await actor.Ask<int>("value", Deadline.Length));
        }

        Assert.Equal(1, evaluations);
        Assert.Equal(typeof(Holder), props.Type);
        Assert.Throws<ArgumentException>(() => Props.Create(() => make()));
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));
    }

    [Fact]
    public async Task Props_are_immutable_and_name_only_what_exists()
    {
        var props = Props.Create<Holder>(1);
        var changed = props
            .WithDispatcher("d")
            .WithMailbox("m")
            .WithStashCapacity(3)
            .WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy);
        Assert.Equal(
            ("", "", -1, null),
            (props.Dispatcher, props.Mailbox, props.StashCapacity, props.SupervisorStrategy)
        );
        Assert.Equal(
            ("d", "m", 3, SupervisorStrategy.StoppingStrategy),
            (changed.Dispatcher, changed.Mailbox, changed.StashCapacity, changed.SupervisorStrategy)
        );
        Assert.Throws<ConfigurationException>(() => _test.System.ActorOf(props.WithDispatcher("none"), "free"));
        Assert.Throws<ConfigurationException>(() => _test.System.ActorOf(props.WithMailbox("none"), "free"));
        Assert.Equal(1, await _test.System.ActorOf(props, "free").Ask<int>("value", Deadline.Length));
    }

    [Fact]
    public async Task A_failed_instance_is_disposed_of_and_a_failing_restart_stops_the_actor()
    {
        var lives = new int[1];
        var actor = _test.System.ActorOf(Props.Create(() => new OneLife(_test.Trace, lives)));
        actor.Tell("boom");
        await TestSystem.Gone(actor);
        _test.Trace.ShouldBe("born 1 | stopped | disposed");
        Assert.Contains(_test.Log, e =>
            e.Cause is PostRestartException { OriginalCause: InvalidOperationException { Message: "boom" } }
        );
    }

    [Fact]
    public async Task A_failing_PreRestart_is_logged_and_the_restart_goes_on()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new BadPreRestart()));
        actor.Tell("boom");
        Assert.Equal("alive", await actor.Ask<string>("alive", Deadline.Length));
        Assert.Contains(_test.Log, e => e.ToString().Contains("PreRestart failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Children_that_survive_a_restart_are_restarted_themselves()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Keeper(_test.Trace)));
        await _test.Trace.Until("Kid.PreStart");
        actor.Tell("boom");
        await _test.Trace.Until("Kid.PreStart", 2);
        _test.Trace.ShouldBe(
            "Kid.ctor | Kid.PreStart | Kid.PreRestart() | Kid.PostStop | Kid.ctor | Kid.PostRestart | Kid.PreStart"
        );
    }

    [Fact]
    public async Task A_stash_refuses_one_message_twice_and_more_than_it_holds_but_takes_equal_messages()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Stasher(_test.Trace)).WithStashCapacity(2));
        foreach (var message in new object[] { "same", "same", "full", 1, "twice" })
        {
            actor.Tell(message);
        }

        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe(
            "stashed same | stashed same | StashOverflowException | unstashed same | unstashed same | stashed twice | "
                + "IllegalActorStateException"
        );
    }

    [Fact]
    public async Task GracefulStop_waits_for_PostStop_and_times_out()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new K(_test.Trace, "K", null)));
        Assert.True(await actor.GracefulStop(Deadline.Length));
        Assert.Contains("K.PostStop", _test.Trace.Events);
        Assert.True(await actor.GracefulStop(Deadline.Length));
        var stubborn = _test.System.ActorOf(Handler.Props((_, _) => { }));
        await Assert.ThrowsAsync<TaskCanceledException>(() =>
            stubborn.GracefulStop(TimeSpan.FromMilliseconds(20), "please")
        );
    }

    [Fact]
    public async Task The_event_stream_matches_subtypes_gives_one_copy_and_forgets_the_dead()
    {
        var stream = _test.System.EventStream;
        var actor = _test.System.ActorOf(Handler.Props((_, message) => _test.Trace.Add(message.GetType().Name)));
        Assert.True(stream.Subscribe<Exception>(actor));
        Assert.True(stream.Subscribe<ArgumentException>(actor));
        Assert.False(stream.Subscribe<Exception>(actor));
        stream.Publish(new ArgumentNullException());
        stream.Publish("nobody listens");
        Assert.True(stream.Unsubscribe<Exception>(actor));
        stream.Publish(new InvalidOperationException());
        stream.Publish(new ArgumentException());
        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe("ArgumentNullException | ArgumentException");
        actor.Tell(PoisonPill.Instance);
        await TestSystem.Gone(actor);
        await Until.HoldsAsync(() => !stream.Unsubscribe(actor));
        stream.Subscribe<Exception>(actor);
        Assert.False(stream.Unsubscribe(actor));
    }

    [Fact]
    public async Task Losses_that_are_normal_are_suppressed_and_Identify_finds_nobody()
    {
        var suppressed = new Trace();
        _test.System.EventStream.Subscribe(
            new RecordingRef(m => suppressed.Add(((SuppressedDeadLetter)m).Message.GetType().Name)),
            typeof(SuppressedDeadLetter)
        );
        var actor = _test.System.ActorOf(Handler.Props((_, _) => { }), "a");
        Assert.Equal(actor, (await actor.Ask<ActorIdentity>(new Identify("id"), Deadline.Length)).Subject);
        actor.Tell(PoisonPill.Instance);
        await TestSystem.Gone(actor);
        actor.Tell(PoisonPill.Instance);
        Assert.True((await actor.Ask<ActorIdentity>(new Identify("id"), Deadline.Length)).Subject.IsNobody());
        suppressed.ShouldBe("PoisonPill");
        _test.Dead.ShouldBe("");
    }

    [Fact]
    public void Dead_letters_are_logged_ten_times_and_then_not_for_a_while()
    {
        for (var i = 0; i < 15; i++)
        {
            _test.System.DeadLetters.Tell(i);
        }

        Assert.Equal(10, _test.Log.Count(e => e.ToString().Contains("was not delivered", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Restarts_and_mailbox_depths_can_be_observed()
    {
        var restarts = new Trace();
        _test.System.EventStream.Subscribe(
            new RecordingRef(m =>
                restarts.Add($"{((ActorRestarted)m).Actor.Path.Name}: {((ActorRestarted)m).Cause.Message}")
            ),
            typeof(ActorRestarted)
        );
        using var gate = new SemaphoreSlim(0);
        var actor = _test.System.ActorOf(
            Props.Create(() => new K(_test.Trace, "K", gate)).WithMailbox("three"),
            "busy"
        );
        actor.Tell("child");
        actor.Tell("slow");
        await _test.Trace.Until("K.got(slow)");
        for (var i = 0; i < 5; i++)
        {
            actor.Tell("more");
        }

        var live = _test.System.LiveActors();
        Assert.Equal(["busy 3", "kc 0"], live.Select(a => $"{a.Actor.Path.Name} {a.MailboxDepth}"));
        Assert.All(live, a => Assert.Equal(typeof(K), a.ActorType));
        gate.Release();
        actor.Tell("boom");
        await restarts.Until("busy: boom");
    }

    [Fact]
    public async Task Actors_log_with_their_path_as_source()
    {
        var published = new Trace();
        _test.System.EventStream.Subscribe(new RecordingRef(e => published.Add(e.ToString()!)), typeof(Warning));
        var actor = _test.System.ActorOf(
            Handler.Props(
                (context, _) =>
                {
                    context.GetLogger().Warning(new InvalidOperationException("cause"), "{0} of {1}", 1, "two");
                    context.GetLogger().Warning("malformed {1}", 1);
                }
            ),
            "loud"
        );
        actor.Tell("x");
        await TestSystem.Settled(actor);
        published.ShouldBe(
            "[WarningLevel] [akka://test/user/loud] 1 of two: InvalidOperationException: cause | [WarningLevel] "
                + "[akka://test/user/loud] malformed {1} [1]"
        );
    }

    private sealed class Holder : ReceiveActor
    {
        public Holder(int value)
        {
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
            Receive<string>(_ => Sender.Tell(value));
        }
    }

    private sealed class OneLife : ReceiveActor, IDisposable
    {
        private readonly Trace _trace;

        public OneLife(Trace trace, int[] lives)
        {
            _trace = trace;
            if (++lives[0] > 1)
            {
                throw new NotSupportedException("only one");
            }

            trace.Add($"born {lives[0]}");
            ReceiveAny(_ => throw new InvalidOperationException("boom"));
        }

        public void Dispose() => _trace.Add("disposed");

        protected override void PostStop() => _trace.Add("stopped");
    }

    private sealed class BadPreRestart : ReceiveActor
    {
        public BadPreRestart()
        {
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
            Receive<string>(s => Sender.Tell(s));
        }

        protected override void PreRestart(Exception reason, object? message) =>
            throw new NotSupportedException("not now");
    }

    private sealed class Keeper : ReceiveActor
    {
        private readonly Trace _trace;

        public Keeper(Trace trace)
        {
            _trace = trace;
            ReceiveAny(_ => throw new InvalidOperationException("boom"));
        }

        protected override void PreStart()
        {
            var trace = _trace;
            Context.ActorOf(Props.Create(() => new K(trace, "Kid", null)), "kid");
        }

        protected override void PreRestart(Exception reason, object? message) { }

        protected override void PostRestart(Exception reason) { }
    }

    private sealed class Stasher : ReceiveActor, IWithUnboundedStash
    {
        public Stasher(Trace trace)
        {
            Receive<int>(_ =>
            {
                Become(() =>
                    Receive<string>(s =>
                    {
                        if (s != "twice")
                        {
                            trace.Add($"unstashed {s}");
                            return;
                        }

                        Stash.Stash();
                        trace.Add($"stashed {s}");
                        trace.Add(Record.Exception(Stash.Stash)!.GetType().Name);
                        Stash.ClearStash();
                    })
                );
                Stash.UnstashAll();
            });
            Receive<string>(s => trace.Add(Record.Exception(Stash.Stash)?.GetType().Name ?? $"stashed {s}"));
        }

        public IStash Stash { get; set; } = null!;
    }
}
