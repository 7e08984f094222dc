namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>
/// Traces T1 to T5 and T9 of the real Akka.NET. Where the original shows two actors at work at once, the test waits for
/// the one before it goes on with the other; the dead letters, which a third actor wrote down there, are compared
/// apart.
/// </summary>
public sealed class SupervisionTraces
{
    private const string Born = "Sup.PreStart | K.ctor | K.PreStart";
    private const string Restarted = "K.PreRestart(boom) | K.PostStop | K.ctor | K.PostRestart | K.PreStart";

    private static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    [Fact]
    public async Task T1_a_restart_stops_the_children_and_keeps_queued_messages()
    {
        await using var test = new TestSystem();
        var kid = await test.Kid(test.Supervise(null));
        kid.Tell("a");
        kid.Tell("child");
        await test.Trace.Until("Kc.PreStart");
        kid.Tell("boom");
        kid.Tell("b");
        kid.Tell("child");
        await test.Trace.Until("Kc.PreStart", 2);
        test.Trace.ShouldBe(
            $"{Born} | K.got(a) | Kc.ctor | Kc.PreStart | K.boom | K.PreRestart(boom) | K.PostStop | Kc.PostStop | "
                + "K.ctor | K.PostRestart | K.PreStart | K.got(b) | Kc.ctor | Kc.PreStart"
        );
        test.Dead.ShouldBe("");
    }

    [Fact]
    public async Task T2_two_retries_without_a_window_allow_two_restarts_for_ever()
    {
        await using var test = new TestSystem();
        var kid = await test.Kid(test.Supervise(new OneForOneStrategy(2, -1, _ => Directive.Restart)));
        for (var i = 0; i < 2; i++)
        {
            kid.Tell("boom");
            kid.Tell($"after{i}");
            await test.Trace.Until($"K.got(after{i})");
        }

        kid.Tell("boom");
        kid.Tell("after2");
        await TestSystem.Gone(kid);
        kid.Tell("boom");
        kid.Tell("after3");
        test.Trace.ShouldBe(
            $"{Born} | K.boom | {Restarted} | K.got(after0) | K.boom | {Restarted} | K.got(after1) | K.boom | "
                + $"K.PostStop"
        );
        test.Dead.ShouldBe("DL(after2->kid) | DL(boom->kid) | DL(after3->kid)");
    }

    [Fact]
    public async Task T2b_a_window_without_a_number_of_retries_allows_one_restart_in_it()
    {
        await using var test = new TestSystem(new KernelSetup { TimeProvider = new ManualTimeProvider() });
        var kid = await test.Kid(test.Supervise(new OneForOneStrategy(-1, 5000, _ => Directive.Restart)));
        kid.Tell("boom");
        await test.Trace.Until("K.PreStart", 2);
        kid.Tell("boom");
        await TestSystem.Gone(kid);
        kid.Tell("boom");
        test.Trace.ShouldBe($"{Born} | K.boom | {Restarted} | K.boom | K.PostStop");
        test.Dead.ShouldBe("DL(boom->kid)");
    }

    [Fact]
    public async Task After_the_window_has_passed_restarts_are_counted_anew()
    {
        var clock = new ManualTimeProvider();
        await using var test = new TestSystem(new KernelSetup { TimeProvider = clock });
        var kid = await test.Kid(test.Supervise(new OneForOneStrategy(-1, 5000, _ => Directive.Restart)));
        for (var i = 0; i < 4; i++)
        {
            kid.Tell("boom");
            await test.Trace.Until("K.PreStart", i + 2);
            clock.Advance(5001);
        }

        kid.Tell("alive");
        await test.Trace.Until("K.got(alive)");
    }

    [Fact]
    public async Task T2c_zero_retries_stop_at_the_first_failure()
    {
        await using var test = new TestSystem();
        var kid = await test.Kid(test.Supervise(new OneForOneStrategy(0, -1, _ => Directive.Restart)));
        kid.Tell("boom");
        await TestSystem.Gone(kid);
        test.Trace.ShouldBe($"{Born} | K.boom | K.PostStop");
    }

    [Fact]
    public async Task T3_resume_goes_on_with_the_next_message()
    {
        await using var test = new TestSystem();
        var kid = await test.Kid(test.Supervise(Always(Directive.Resume)));
        kid.Tell("boom");
        kid.Tell("b");
        kid.Tell("child");
        await test.Trace.Until("Kc.PreStart");
        test.Trace.ShouldBe($"{Born} | K.boom | K.got(b) | Kc.ctor | Kc.PreStart");
    }

    [Fact]
    public async Task T4_stop_ends_children_first_and_tells_watchers_and_dead_letters()
    {
        await using var test = new TestSystem();
        var supervisor = test.Supervise(Always(Directive.Stop));
        var kid = await test.Kid(supervisor);
        supervisor.Tell("watch");
        await TestSystem.Settled(supervisor);
        kid.Tell("child");
        await test.Trace.Until("Kc.PreStart");
        kid.Tell("boom");
        kid.Tell("b");
        await test.Trace.Until("Sup.Terminated(ec=True)");
        test.Trace.ShouldBe(
            $"{Born} | Kc.ctor | Kc.PreStart | K.boom | Kc.PostStop | K.PostStop | Sup.Terminated(ec=True)"
        );
        await test.Dead.Until("DL(b->kid)");
    }

    [Fact]
    public async Task T5_escalation_restarts_the_supervisor_which_stops_its_children()
    {
        await using var test = new TestSystem();
        var supervisor = test.Supervise(Always(Directive.Escalate));
        var kid = await test.Kid(supervisor);
        kid.Tell("boom");
        await test.Trace.Until("Sup.PreStart", 2);
        test.Trace.ShouldBe($"{Born} | K.boom | Sup.PreRestart | Sup.PostStop | K.PostStop | Sup.PreStart");
    }

    [Fact]
    public async Task T9_a_constructor_that_throws_stops_the_actor_without_PostStop()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Broken(test.Trace)), "k9");
        actor.Tell("x");
        await TestSystem.Gone(actor);
        test.Trace.ShouldBe("Ctor.ctor");
        test.Dead.ShouldBe("DL(x->k9)");
    }

    private sealed class Broken : ReceiveActor
    {
        private readonly Trace _trace;

        public Broken(Trace trace)
        {
            _trace = trace;
            trace.Add("Ctor.ctor");
            throw new InvalidOperationException("no");
        }

        protected override void PostStop() => _trace.Add("Ctor.PostStop");
    }
}
