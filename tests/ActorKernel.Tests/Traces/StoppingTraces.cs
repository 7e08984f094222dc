namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>Traces T6 to T8 and T10 to T12 of the real Akka.NET: stopping and death watch.</summary>
public sealed class StoppingTraces
{
    private const string Born = "Sup.PreStart | K.ctor | K.PreStart";

    [Fact]
    public async Task T6_a_poison_pill_is_processed_in_order()
    {
        await using var test = new TestSystem();
        using var gate = new SemaphoreSlim(0);
        var kid = await BlockedKid(test, test.Supervise(null), gate);
        kid.Tell("x1");
        kid.Tell(PoisonPill.Instance);
        kid.Tell("x2");
        gate.Release();
        await TestSystem.Gone(kid);
        test.Trace.ShouldBe($"{Born} | K.got(slow) | K.got(x1) | K.PostStop");
        test.Dead.ShouldBe("DL(x2->kid)");
    }

    [Fact]
    public async Task T7_stop_overtakes_what_is_queued()
    {
        await using var test = new TestSystem();
        using var gate = new SemaphoreSlim(0);
        var supervisor = test.Supervise(null);
        var kid = await BlockedKid(test, supervisor, gate);
        kid.Tell("x1");
        supervisor.Tell("stop");
        await TestSystem.Settled(supervisor);
        gate.Release();
        await TestSystem.Gone(kid);
        test.Trace.ShouldBe($"{Born} | K.got(slow) | K.PostStop");
        test.Dead.ShouldBe("DL(x1->kid)");
    }

    [Fact]
    public async Task T8_kill_stops_under_the_default_strategy()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new K(test.Trace, "K", null)));
        actor.Tell(Kill.Instance);
        await TestSystem.Gone(actor);
        test.Trace.ShouldBe("K.ctor | K.PreStart | K.PostStop");
    }

    [Fact]
    public async Task T10_an_unhandled_Terminated_ends_the_watcher_too()
    {
        await using var test = new TestSystem();
        var victim = test.System.ActorOf(Props.Create(() => new K(test.Trace, "V", null)), "v");
        await test.Trace.Until("V.PreStart");
        var watcher = test.System.ActorOf(Props.Create(() => new PactWatcher(test.Trace, victim)), "w");
        await test.Trace.Until("W.PreStart");
        victim.Tell(PoisonPill.Instance);
        await TestSystem.Gone(watcher);
        test.Trace.ShouldBe("V.ctor | V.PreStart | W.ctor | W.PreStart | V.PostStop | W.PostStop");
    }

    [Fact]
    public async Task T11_watching_the_dead_gives_Terminated_without_confirmed_existence()
    {
        await using var test = new TestSystem();
        var dead = test.System.ActorOf(Handler.Props((_, _) => { }), "k10b");
        dead.Tell(PoisonPill.Instance);
        await TestSystem.Gone(dead);
        test.System.ActorOf(
                Handler.Props(
                    (context, message) =>
                    {
                        if (message is Terminated t)
                        {
                            test.Trace.Add(
                                $"Terminated({t.ActorRef.Path.Name}, existenceConfirmed={t.ExistenceConfirmed}, "
                                    + $"sender==ref {context.Sender.Equals(t.ActorRef)})"
                            );
                        }
                        else
                        {
                            context.Watch(dead);
                        }
                    }
                )
            )
            .Tell("watch");
        await test.Trace.Until("Terminated(k10b, existenceConfirmed=False, sender==ref True)");
    }

    [Fact]
    public async Task T12_unwatch_ends_the_watch()
    {
        await using var test = new TestSystem();
        var kid = test.System.ActorOf(Props.Create(() => new K(test.Trace, "K", null)));
        var watcher = test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    switch (message)
                    {
                        case "watch":
                            context.Watch(kid);
                            break;
                        case "unwatch":
                            context.Unwatch(kid);
                            break;
                        default:
                            test.Trace.Add($"W.got({message})");
                            break;
                    }
                }
            )
        );
        watcher.Tell("watch");
        watcher.Tell("unwatch");
        await TestSystem.Settled(watcher);
        kid.Tell(PoisonPill.Instance);
        await TestSystem.Gone(kid);
        await TestSystem.Settled(watcher);
        test.Trace.ShouldBe("K.ctor | K.PreStart | K.PostStop");
    }

    [Fact]
    public async Task Unwatch_discards_a_Terminated_that_is_queued_already()
    {
        await using var test = new TestSystem();
        using var gate = new SemaphoreSlim(0);
        var kid = test.System.ActorOf(Handler.Props((_, _) => { }));
        var watcher = test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    switch (message)
                    {
                        case "watch":
                            context.Watch(kid);
                            break;
                        case "slow":
                            test.Trace.Add("slow");
                            gate.Wait(Deadline.Length);
                            break;
                        case "unwatch":
                            context.Unwatch(kid);
                            break;
                        default:
                            test.Trace.Add($"W.got({message})");
                            break;
                    }
                }
            )
        );
        watcher.Tell("watch");
        watcher.Tell("pause");
        await TestSystem.Settled(watcher);

        // The notification arrives between two messages: before "unwatch" is processed the Terminated stands behind it
        // in the queue.
        watcher.Tell("slow");
        await test.Trace.Until("slow");
        watcher.Tell("slow");
        watcher.Tell("unwatch");
        kid.Tell(PoisonPill.Instance);
        await TestSystem.Gone(kid);
        gate.Release();
        await test.Trace.Until("slow", 2);
        gate.Release();
        await TestSystem.Settled(watcher);
        await TestSystem.Settled(watcher);
        test.Trace.ShouldBe("W.got(pause) | slow | slow");
    }

    [Fact]
    public async Task WatchWith_delivers_the_wished_message_and_the_first_wish_stands()
    {
        await using var test = new TestSystem();
        var kid = test.System.ActorOf(Handler.Props((_, _) => { }));
        var watcher = test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    if (message is "watch")
                    {
                        context.WatchWith(kid, "first");
                        context.WatchWith(kid, "second");
                        context.Watch(kid);
                        context.Watch(context.Self);
                    }
                    else
                    {
                        test.Trace.Add($"{message} from kid {context.Sender.Equals(kid)}");
                    }
                }
            )
        );
        watcher.Tell("watch");
        await TestSystem.Settled(watcher);
        kid.Tell(PoisonPill.Instance);
        await test.Trace.Until("first from kid True");
        await TestSystem.Settled(watcher);
        test.Trace.ShouldBe("first from kid True");
    }

    private static async Task<IActorRef> BlockedKid(TestSystem test, IActorRef supervisor, SemaphoreSlim gate)
    {
        var kid = await supervisor.Ask<IActorRef>(Props.Create(() => new K(test.Trace, "K", gate)), Deadline.Length);
        kid.Tell("slow");
        await test.Trace.Until("K.got(slow)");
        return kid;
    }

    private sealed class PactWatcher : ReceiveActor
    {
        private readonly Trace _trace;
        private readonly IActorRef _victim;

        public PactWatcher(Trace trace, IActorRef victim)
        {
            _trace = trace;
            _victim = victim;
            trace.Add("W.ctor");
        }

        protected override void PreStart()
        {
            Context.Watch(_victim);
            _trace.Add("W.PreStart");
        }

        protected override void PostStop() => _trace.Add("W.PostStop");
    }
}
