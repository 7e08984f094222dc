namespace CurvatureMonitor.ActorKernel.Tests;

public sealed class ReceiveActorTests : IAsyncDisposable
{
    private readonly TestSystem _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task The_first_handler_that_matches_by_type_and_predicate_wins()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Matching(_test.Trace)));
        foreach (var message in new object[] { 1, 2, "s", new ArgumentNullException(), 3.0, 'c' })
        {
            actor.Tell(message);
        }

        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe("odd 1 | int 2 | comparable s | exception | double by type | rest c");
    }

    [Fact]
    public async Task An_unmatched_message_is_published_as_unhandled()
    {
        var unhandled = new Trace();
        _test.System.EventStream.Subscribe(
            new RecordingRef(m =>
                unhandled.Add($"{((UnhandledMessage)m).Message}->{((UnhandledMessage)m).Recipient.Path.Name}")
            ),
            typeof(UnhandledMessage)
        );
        var actor = _test.System.ActorOf(Props.Create(() => new OnlyInts()), "ints");
        actor.Tell("s");
        await TestSystem.Settled(actor);
        unhandled.ShouldBe("s->ints");
    }

    [Fact]
    public async Task Handlers_are_registered_while_constructing_only_and_none_after_a_catch_all()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new Misuse(_test.Trace)));
        actor.Tell(1);
        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe(
            "A handler that catches all messages has been added. No handler can be added after that. | "
                + "You may only call Receive-methods when constructing the actor and inside Become()."
        );
    }

    [Fact]
    public async Task Become_in_the_constructor_is_the_bottom_of_the_stack_and_a_restart_goes_back_to_it()
    {
        var actor = _test.System.ActorOf(Props.Create(() => new StartsElsewhere(_test.Trace)));
        foreach (var message in new[] { "x", "other", "x", "back", "x", "other", "boom", "x" })
        {
            actor.Tell(message);
        }

        await TestSystem.Settled(actor);
        _test.Trace.ShouldBe("start x | other x | start x | start x");
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new() => Assert.Throws<ActorInitializationException>(() => new OnlyInts());

    private sealed class OnlyInts : ReceiveActor
    {
        public OnlyInts() => Receive<int>(_ => { });
    }

    private sealed class Matching : ReceiveActor
    {
        public Matching(Trace trace)
        {
            Receive<int>(i => trace.Add($"odd {i}"), i => i % 2 == 1);
            Receive<int>(i =>
            {
                trace.Add($"int {i}");
                return i < 10;
            });
            Receive<Exception>(_ => trace.Add("exception"));
            Receive(typeof(double), _ => trace.Add("double by type"));
            Receive<IComparable<string>>(s => trace.Add($"comparable {s}"));
            ReceiveAny(o => trace.Add($"rest {o}"));
        }
    }

    private sealed class Misuse : ReceiveActor
    {
        public Misuse(Trace trace)
        {
            Receive<int>(_ => trace.Add(Record.Exception(() => Receive<int>(_ => { }))!.Message));
            ReceiveAny(_ => { });
            trace.Add(Record.Exception(() => Receive<string>(_ => { }))!.Message);
        }
    }

    private sealed class StartsElsewhere : ReceiveActor
    {
        private readonly Trace _trace;

        public StartsElsewhere(Trace trace)
        {
            _trace = trace;
            Become(() => Common("start"));
        }

        private void Common(string name)
        {
            Receive<string>(s => s == "other", _ => BecomeStacked(() => Common("other")));
            Receive<string>(s => s == "back", _ => UnbecomeStacked());
            Receive<string>(s => s == "boom", _ => throw new InvalidOperationException("boom"));
            Receive<string>(s => _trace.Add($"{name} {s}"));
        }
    }
}
