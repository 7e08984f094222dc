using System.Collections.Concurrent;
using CurvatureMonitor.ActorKernel.Dispatch;

namespace CurvatureMonitor.ActorKernel.Tests;

/// <summary>What must hold whatever the threads do: order, no loss, no interleaving, one notice a death.</summary>
public sealed class ConcurrencyTests
{
    private const int Senders = 6;
    private const int Messages = 3000;

    private sealed record Numbered(int Sender, int Number);

    public static TheoryData<string> DispatcherIds => [Dispatchers.DefaultDispatcherId, KernelSetup.PinnedDispatcherId];

    [Theory]
    [MemberData(nameof(DispatcherIds))]
    public async Task Messages_of_one_sender_stay_in_order_and_none_is_lost(string dispatcher)
    {
        await using var test = new TestSystem();
        var last = new int[Senders];
        var inside = 0;
        var violations = 0;
        var actor = test.System.ActorOf(
            Handler
                .Props(
                    (_, message) =>
                    {
                        violations += Interlocked.Exchange(ref inside, 1);
                        var (sender, number) = (Numbered)message;
                        violations += number == last[sender] + 1 ? 0 : 1;
                        last[sender] = number;
                        Volatile.Write(ref inside, 0);
                    }
                )
                .WithDispatcher(dispatcher)
        );
        await FromManyThreads(sender =>
        {
            for (var i = 1; i <= Messages; i++)
            {
                actor.Tell(new Numbered(sender, i));
            }
        });
        await TestSystem.Settled(actor);
        Assert.Equal(Enumerable.Repeat(Messages, Senders), last);
        Assert.Equal(0, violations);
    }

    [Theory]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Restart)]
    public async Task Failures_under_fire_lose_only_the_failing_messages(Directive directive)
    {
        await using var test = new TestSystem();
        var last = new int[Senders];
        var violations = 0;
        var supervisor = test.System.ActorOf(
            Props
                .Create(() => new Parent())
                .WithSupervisorStrategy(new OneForOneStrategy(-1, -1, _ => directive, false))
        );
        var actor = await supervisor.Ask<IActorRef>(
            Handler.Props(
                (_, message) =>
                {
                    var (sender, number) = (Numbered)message;
                    violations += number == last[sender] + 1 ? 0 : 1;
                    last[sender] = number;
                    if (number % 50 == 0)
                    {
                        throw new InvalidOperationException("every now and then");
                    }
                }
            ),
            Deadline.Length
        );
        await FromManyThreads(sender =>
        {
            for (var i = 1; i <= 1000; i++)
            {
                actor.Tell(new Numbered(sender, i));
            }
        });
        await TestSystem.Settled(actor);
        Assert.Equal(Enumerable.Repeat(1000, Senders), last);
        Assert.Equal(0, violations);
    }

    [Fact]
    public async Task Asynchronous_handlers_under_fire_neither_interleave_nor_lose_order()
    {
        await using var test = new TestSystem();
        var last = new int[Senders];
        var state = new AsyncState();
        var actor = test.System.ActorOf(Props.Create(() => new AsyncCounter(last, state)));
        await FromManyThreads(sender =>
        {
            for (var i = 1; i <= 500; i++)
            {
                actor.Tell(new Numbered(sender, i));
            }
        });
        await TestSystem.Settled(actor);
        Assert.Equal(Enumerable.Repeat(500, Senders), last);
        Assert.Equal(0, state.Violations);
    }

    [Theory]
    [InlineData("")]
    [InlineData("small")]
    public async Task Every_message_to_a_dying_actor_is_processed_or_dropped_or_a_dead_letter(string mailbox)
    {
        await using var test = new TestSystem(
            new KernelSetup
            {
                BoundedMailboxes = new Dictionary<string, int> { ["small"] = 3 },
                LogDeadLetters = 0,
            }
        );
        var lost = 0;
        test.System.EventStream.Subscribe(
            new RecordingRef(letter => Interlocked.Add(ref lost, ((AllDeadLetters)letter).Message is Numbered ? 1 : 0)),
            typeof(AllDeadLetters)
        );
        for (var round = 0; round < 20; round++)
        {
            var processed = 0;
            Volatile.Write(ref lost, 0);
            var actor = test.System.ActorOf(Handler.Props((_, _) => processed++).WithMailbox(mailbox));
            await FromManyThreads(sender =>
            {
                for (var i = 1; i <= 200; i++)
                {
                    actor.Tell(new Numbered(sender, i));
                    if (sender == 0 && i == 100)
                    {
                        test.System.Stop(actor);
                    }
                }
            });
            await TestSystem.Gone(actor);
            await Until.HoldsAsync(
                "every message is processed or lost",
                () => processed + Volatile.Read(ref lost) >= Senders * 200,
                () => $"{processed} + {lost}"
            );
            Assert.Equal(Senders * 200, processed + Volatile.Read(ref lost));
        }
    }

    [Fact]
    public async Task Two_actors_playing_ping_pong_never_fall_asleep()
    {
        await using var test = new TestSystem();
        var done = new TaskCompletionSource();
        var players = Enumerable
            .Range(0, 2)
            .Select(_ =>
                test.System.ActorOf(
                    Handler.Props(
                        (context, message) =>
                        {
                            if (message is int left)
                            {
                                if (left == 0)
                                {
                                    done.SetResult();
                                }
                                else
                                {
                                    context.Sender.Tell(left - 1, context.Self);
                                }
                            }
                        }
                    )
                )
            )
            .ToArray();
        players[0].Tell(20000, players[1]);
        await done.Task.InTime();
    }

    [Fact]
    public async Task Every_watcher_learns_of_a_death_exactly_once_whenever_it_began_to_watch()
    {
        await using var test = new TestSystem();
        for (var round = 0; round < 20; round++)
        {
            var victim = test.System.ActorOf(Handler.Props((_, _) => { }));
            var notices = new ConcurrentDictionary<string, int>();
            var watchers = Enumerable
                .Range(0, 8)
                .Select(_ =>
                    test.System.ActorOf(
                        Handler.Props(
                            (context, message) =>
                            {
                                if (message is Terminated)
                                {
                                    notices.AddOrUpdate(context.Self.Path.Name, 1, (_, n) => n + 1);
                                }
                                else
                                {
                                    context.Watch(victim);
                                }
                            }
                        )
                    )
                )
                .ToArray();
            for (var i = 0; i < watchers.Length; i++)
            {
                watchers[i].Tell("watch");
                if (i == 4)
                {
                    victim.Tell(PoisonPill.Instance);
                }
            }

            await Until.HoldsAsync(() => notices.Count == watchers.Length);
            foreach (var watcher in watchers)
            {
                await TestSystem.Settled(watcher);
            }

            Assert.All(notices.Values, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public async Task A_tree_that_fails_everywhere_at_once_still_stops_cleanly()
    {
        await using var test = new TestSystem();
        for (var round = 0; round < 10; round++)
        {
            var alive = 0;
            var root = test.System.ActorOf(
                Props.Create(() => new Node(3, new Counter(d => Interlocked.Add(ref alive, d))))
            );
            await Until.HoldsAsync(() => Volatile.Read(ref alive) == 15);
            await FromManyThreads(_ =>
            {
                for (var i = 0; i < 20; i++)
                {
                    root.Tell("boom");
                }
            });
            await root.GracefulStop(Deadline.Length);
            Assert.Equal(0, Volatile.Read(ref alive));
        }
    }

    [Fact]
    public async Task A_system_that_terminates_while_others_create_actors_leaves_none_behind()
    {
        for (var round = 0; round < 10; round++)
        {
            var test = new TestSystem();
            var born = 0;
            var dead = 0;
            var created = FromManyThreads(_ =>
            {
                try
                {
                    while (true)
                    {
                        test.System.ActorOf(
                            Props.Create(() =>
                                new Node(0, new Counter(d => Interlocked.Increment(ref d > 0 ? ref born : ref dead)))
                            )
                        );
                    }
                }
                catch (InvalidOperationException)
                {
                    // The system is going down.
                }
            });
            await Task.Yield();
            await test.System.Terminate().InTime();
            await created.InTime();
            Assert.Equal(born, dead);
        }
    }

    private static Task FromManyThreads(Action<int> body) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Senders)
                .Select(sender =>
                    Task.Factory.StartNew(
                        () => body(sender),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );

    private sealed class Parent : ReceiveActor
    {
        public Parent() => Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
    }

    private sealed class Counter(Action<int> change)
    {
        public void Change(int by) => change(by);
    }

    private sealed class AsyncState
    {
        public int Inside { get; set; }

        public int Violations { get; set; }
    }

    private sealed class AsyncCounter : ReceiveActor
    {
        public AsyncCounter(int[] last, AsyncState state) =>
            ReceiveAsync<Numbered>(async message =>
            {
                state.Violations += state.Inside++ == 0 && message.Number == last[message.Sender] + 1 ? 0 : 1;
                await Task.Yield();
                if (message.Number % 3 == 0)
                {
                    await Task.Yield();
                }

                last[message.Sender] = message.Number;
                state.Inside--;
            });
    }

    /// <summary>
    /// Has two children down to a depth, passes "boom" down and throws, counts itself alive from PreStart to PostStop.
    /// </summary>
    private sealed class Node : ReceiveActor
    {
        private readonly int _depth;
        private readonly Counter _alive;

        public Node(int depth, Counter alive)
        {
            _depth = depth;
            _alive = alive;
            ReceiveAny(message =>
            {
                foreach (var child in Context.GetChildren())
                {
                    child.Forward(message);
                }

                throw new InvalidOperationException("boom");
            });
        }

        protected override void PreStart()
        {
            _alive.Change(1);
            for (var i = 0; i < (_depth > 0 ? 2 : 0); i++)
            {
                var (depth, alive) = (_depth - 1, _alive);
                Context.ActorOf(Props.Create(() => new Node(depth, alive)));
            }
        }

        protected override void PostStop() => _alive.Change(-1);

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(-1, -1, _ => Directive.Restart, false);
    }
}
