namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>
/// Traces T16, T17, T19, T20, T21 and T23 of the real Akka.NET: stash, bounded mailbox, names, pinned dispatcher,
/// behaviours, null.
/// </summary>
public sealed class MailboxTraces
{
    [Fact]
    public async Task T16_stashed_messages_survive_a_restart_before_newer_ones()
    {
        await using var test = new TestSystem();
        var supervisor = test.Supervise(null);
        var lives = new Lives();
        var actor = await supervisor.Ask<IActorRef>(Props.Create(() => new St(test.Trace, lives)), Deadline.Length);
        foreach (var message in new[] { "a", "b", "boom", "c" })
        {
            actor.Tell(message);
        }

        await test.Trace.Until("handle c");
        test.Trace.ShouldBe("Sup.PreStart | St.ctor1 | stash a | stash b | St.ctor2 | handle a | handle b | handle c");
    }

    [Fact]
    public async Task T16b_stashed_messages_are_dead_letters_at_the_end()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new St(test.Trace, new Lives())), "kid");
        actor.Tell("d");
        await test.Trace.Until("stash d");
        test.System.Stop(actor);
        await TestSystem.Gone(actor);
        test.Trace.ShouldBe("St.ctor1 | stash d");
        test.Dead.ShouldBe("DL(d->kid)");
    }

    [Fact]
    public async Task T17_a_full_bounded_mailbox_drops_the_oldest_and_never_blocks_the_sender()
    {
        await using var test = new TestSystem(
            new KernelSetup { BoundedMailboxes = new Dictionary<string, int> { ["two"] = 2 } }
        );
        var dropped = new Trace();
        test.System.EventStream.Subscribe(
            new RecordingRef(d => dropped.Add($"Dropped({((Dropped)d).Message}->{((Dropped)d).Recipient.Path.Name})")),
            typeof(Dropped)
        );
        using var gate = new SemaphoreSlim(0);
        var actor = test.System.ActorOf(Props.Create(() => new K(test.Trace, "B", gate)).WithMailbox("two"), "bm");
        actor.Tell("slow2");
        await test.Trace.Until("B.got(slow2)");
        for (var i = 0; i < 4; i++)
        {
            actor.Tell($"q{i}");
        }

        dropped.ShouldBe("Dropped(q0->bm) | Dropped(q1->bm)");
        gate.Release();
        await test.Trace.Until("B.got(q3)");
        test.Trace.ShouldBe("B.ctor | B.PreStart | B.got(slow2) | B.got(q2) | B.got(q3)");
    }

    [Fact]
    public async Task A_bounded_mailbox_never_loses_a_poison_pill()
    {
        await using var test = new TestSystem(
            new KernelSetup { BoundedMailboxes = new Dictionary<string, int> { ["two"] = 2 } }
        );
        using var gate = new SemaphoreSlim(0);
        var actor = test.System.ActorOf(Props.Create(() => new K(test.Trace, "B", gate)).WithMailbox("two"), "bm");
        actor.Tell("slow2");
        await test.Trace.Until("B.got(slow2)");
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after1");
        actor.Tell("after2");
        actor.Tell("after3");
        gate.Release();
        await TestSystem.Gone(actor);
        test.Trace.ShouldBe("B.ctor | B.PreStart | B.got(slow2) | B.PostStop");
        test.Dead.ShouldBe("DL(after2->bm) | DL(after3->bm)");
    }

    [Fact]
    public async Task T19_a_name_is_unique_among_siblings_until_its_bearer_is_gone()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Handler.Props((_, _) => { }), "echo");
        var e = Assert.Throws<InvalidActorNameException>(() =>
            test.System.ActorOf(Handler.Props((_, _) => { }), "echo")
        );
        Assert.Equal("Actor name \"echo\" is not unique!", e.Message);

        var parent = test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    switch (message)
                    {
                        case "create":
                            context.Sender.Tell(
                                Record
                                    .Exception(() =>
                                        context.Watch(context.ActorOf(Handler.Props((_, _) => { }), "kid"))
                                    )
                                    ?.Message
                                    ?? "created"
                            );
                            break;
                        case "stop":
                            context.Stop(context.Child("kid"));
                            context.Sender.Tell(
                                Record.Exception(() => context.ActorOf(Handler.Props((_, _) => { }), "kid"))?.Message
                                    ?? "created"
                            );
                            break;
                        case Terminated:
                            test.Trace.Add(
                                Record.Exception(() => context.ActorOf(Handler.Props((_, _) => { }), "kid"))?.Message
                                    ?? "created anew"
                            );
                            break;
                        default:
                            break;
                    }
                }
            )
        );
        Assert.Equal("created", await parent.Ask<string>("create", Deadline.Length));
        Assert.Equal("Actor name \"kid\" is not unique!", await parent.Ask<string>("stop", Deadline.Length));
        await test.Trace.Until("created anew");
        Assert.NotEqual(actor.Path, parent.Path);
    }

    [Fact]
    public async Task T20_a_pinned_actor_has_one_thread_of_its_own()
    {
        await using var test = new TestSystem();
        var threads = new HashSet<int>();
        var pool = false;
        var actor = test.System.ActorOf(
            Handler
                .Props(
                    (_, message) =>
                    {
                        threads.Add(Environment.CurrentManagedThreadId);
                        pool |= Thread.CurrentThread.IsThreadPoolThread;
                        if (message is "boom")
                        {
                            throw new InvalidOperationException("boom");
                        }
                    }
                )
                .WithDispatcher(KernelSetup.PinnedDispatcherId)
        );
        for (var i = 0; i < 50; i++)
        {
            actor.Tell(i == 25 ? "boom" : "x");
            await TestSystem.Settled(actor);
        }

        Assert.Equal((1, false), (threads.Count, pool));
    }

    [Fact]
    public void A_pinned_dispatcher_takes_one_actor()
    {
        var dispatcher = new Dispatch.PinnedDispatcher("pinned", 1);
        var path = ActorPath.RootOf("test") / "a";
        dispatcher.Attach(path);
        Assert.Throws<InvalidOperationException>(() => dispatcher.Attach(path));
        dispatcher.Detach();
    }

    [Fact]
    public async Task T21_become_replaces_and_become_stacked_stacks()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Becoming(test.Trace)));
        foreach (var message in new[] { "x", "toB", "x", "toC", "x", "back", "x", "back", "back", "x" })
        {
            actor.Tell(message);
        }

        await TestSystem.Settled(actor);
        test.Trace.ShouldBe("base:x | B:x | C:x | B:x | base:x");
    }

    [Fact]
    public async Task T23_null_is_refused_at_the_caller_and_the_actor_lives()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new K(test.Trace, "N", null)));

        // At once, before the actor can have started: where Akka.NET would take the whole system down.
        Assert.Throws<ArgumentNullException>(() => actor.Tell(null!));
        await test.Trace.Until("N.PreStart");
        test.Trace.Add($"Tell(null): {Assert.Throws<ArgumentNullException>(() => actor.Tell(null!)).GetType().Name}");
        actor.Tell("alive");
        await test.Trace.Until("N.got(alive)");
        test.Trace.ShouldBe("N.ctor | N.PreStart | Tell(null): ArgumentNullException | N.got(alive)");
    }

    private sealed class Lives
    {
        public int Count { get; set; }
    }

    private sealed class St : ReceiveActor, IWithUnboundedStash
    {
        public St(Trace trace, Lives lives)
        {
            trace.Add($"St.ctor{++lives.Count}");
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
            Receive<string>(s =>
            {
                if (lives.Count == 1)
                {
                    trace.Add($"stash {s}");
                    Stash.Stash();
                }
                else
                {
                    trace.Add($"handle {s}");
                }
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    private sealed class Becoming : ReceiveActor
    {
        public Becoming(Trace trace)
        {
            Receive<string>(
                s => s == "toB",
                _ =>
                    BecomeStacked(() =>
                    {
                        Receive<string>(s => s == "toC", _ => BecomeStacked(() => Common("C")));
                        Common("B");
                    })
            );
            Common("base");

            void Common(string name)
            {
                Receive<string>(s => s == "back", _ => UnbecomeStacked());
                Receive<string>(s => trace.Add($"{name}:{s}"));
            }
        }
    }
}
