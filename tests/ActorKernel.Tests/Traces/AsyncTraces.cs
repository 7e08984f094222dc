using System.Globalization;

namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>Traces T13 (asynchronous handlers) and T14 (Ask) of the real Akka.NET.</summary>
public sealed class AsyncTraces
{
    [Fact]
    public async Task T13_an_asynchronous_handler_is_not_interleaved_and_keeps_its_context()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new A(test.Trace)), "k13");
        actor.Tell("m1");
        actor.Tell("m2");
        await test.Trace.Until("end m2 self=k13 sender=deadLetters");
        test.Trace.ShouldBe(
            "A.ctor | start m1 | end m1 self=k13 sender=deadLetters | start m2 | end m2 self=k13 sender=deadLetters"
        );
    }

    [Fact]
    public async Task T13b_an_exception_after_an_await_restarts_with_the_message()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new A(test.Trace)), "k13");
        actor.Tell("boom");
        actor.Tell("m3");
        await test.Trace.Until("end m3 self=k13 sender=deadLetters");
        test.Trace.ShouldBe(
            "A.ctor | start boom | A.PreRestart(boom,Exception) | A.ctor | start m3 | end m3 self=k13 "
                + "sender=deadLetters"
        );
    }

    [Fact]
    public async Task The_sender_survives_awaits_while_others_write()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Echo()));
        var asks = Enumerable.Range(0, 200).Select(i => actor.Ask<int>(i, Deadline.Length)).ToArray();
        Assert.Equal(Enumerable.Range(0, 200), await Task.WhenAll(asks));
    }

    [Fact]
    public async Task Behind_ConfigureAwait_false_there_is_no_context()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Props.Create(() => new Stray(test.Trace)));
        actor.Tell("go");
        await test.Trace.Until("NotSupportedException");
    }

    [Fact]
    public async Task Stop_overtakes_a_running_handler_and_its_continuation_is_dropped()
    {
        await using var test = new TestSystem();
        var pending = new TaskCompletionSource();
        var actor = test.System.ActorOf(Props.Create(() => new Waiting(test.Trace, pending.Task)), "waiting");
        actor.Tell("go");
        actor.Tell("queued");
        await test.Trace.Until("waits");
        test.System.Stop(actor);
        await TestSystem.Gone(actor);
        pending.SetResult();
        test.Trace.ShouldBe("waits");
        test.Dead.ShouldBe("DL(queued->waiting)");
    }

    [Fact]
    public async Task T14_ask()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(
            Handler.Props(
                (context, message) =>
                {
                    switch (message)
                    {
                        case "fail":
                            context.Sender.Tell(new Status.Failure(new InvalidOperationException("remote")));
                            break;
                        case int:
                            context.Sender.Tell(message);
                            break;
                        default:
                            break;
                    }
                }
            ),
            "k12"
        );
        var soon = TimeSpan.FromSeconds(0.1);

        test.Trace.Add($"int={await actor.Ask<int>(5, Deadline.Length)}");
        await Try("wrongtype", actor.Ask<string>(5, Deadline.Length));
        await Try("noreply", actor.Ask<int>("silence", soon));
        await Try("failure", actor.Ask<int>("fail", Deadline.Length));
        test.Trace.Add($"failureAsObject={(await actor.Ask<object>("fail", Deadline.Length)).GetType().Name}");
        actor.Tell(PoisonPill.Instance);
        await TestSystem.Gone(actor);
        await Try("dead", actor.Ask<int>(1, soon));
        using var cancelled = new CancellationTokenSource();
        var silent = test.System.ActorOf(Handler.Props((_, _) => { }));
        var asked = silent.Ask<int>(2, Deadline.Length, cancelled.Token);
        cancelled.Cancel();
        await Try("cancel", asked);

        test.Trace.ShouldBe(
            "int=5 | wrongtype: ArgumentException: Received message of type [System.Int32] - Ask expected message of "
                + "type [System.String] | "
                + "noreply: AskTimeoutException: Timeout after 0.10 seconds | failure: InvalidOperationException: "
                + "remote | failureAsObject=Failure | "
                + "dead: AskTimeoutException: Timeout after 0.10 seconds | cancel: TaskCanceledException: A task was "
                + "canceled."
        );
        test.Dead.ShouldBe("DL(5->deadLetters) | DL(1->k12)");

        async Task Try<T>(string what, Task<T> ask)
        {
            var e = await Record.ExceptionAsync(() => ask.InTime());
            test.Trace.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {e!.GetType().Name}: {e.Message}"));
        }
    }

    [Fact]
    public async Task Ask_without_a_timeout_ends_by_the_default_one()
    {
        var clock = new ManualTimeProvider();
        await using var test = new TestSystem(
            new KernelSetup { TimeProvider = clock, AskTimeout = TimeSpan.FromSeconds(7) }
        );
        var asked = test.System.ActorOf(Handler.Props((_, _) => { })).Ask<int>("silence");
        clock.Advance(6999);
        Assert.False(asked.IsCompleted);
        clock.Advance(1);
        await Assert.ThrowsAsync<AskTimeoutException>(() => asked.InTime());
    }

    [Fact]
    public async Task A_late_answer_is_a_dead_letter()
    {
        var clock = new ManualTimeProvider();
        await using var test = new TestSystem(new KernelSetup { TimeProvider = clock });
        IActorRef? asker = null;
        var actor = test.System.ActorOf(Handler.Props((context, _) => asker = context.Sender));
        var asked = actor.Ask<int>("silence", TimeSpan.FromSeconds(1));
        await TestSystem.Settled(actor);
        clock.Advance(1000);
        await Assert.ThrowsAsync<AskTimeoutException>(() => asked.InTime());
        asker!.Tell("late");
        test.Dead.ShouldBe($"DL(late->{asker!.Path.Name})");
    }

    [Fact]
    public async Task PipeTo_brings_results_and_failures()
    {
        await using var test = new TestSystem();
        var actor = test.System.ActorOf(Handler.Props((_, message) => test.Trace.Add(message.ToString()!)));
        await Task.FromResult("result").PipeTo(actor);
        await Task.FromResult(3).PipeTo(actor, success: i => i + 1);
        await Task.FromException<int>(new InvalidOperationException("no")).PipeTo(actor);
        await Task.FromException<int>(new InvalidOperationException("no"))
            .PipeTo(actor, failure: e => e.GetType().Name);
        await TestSystem.Settled(actor);
        test.Trace.ShouldBe("result | 4 | Failure: no | InvalidOperationException");
    }

    private sealed class A : ReceiveActor
    {
        private readonly Trace _trace;

        public A(Trace trace)
        {
            _trace = trace;
            trace.Add("A.ctor");
            ReceiveAsync<string>(async s =>
            {
                _trace.Add($"start {s}");
                await Task.Yield();
                await Task.Delay(5);
                if (s == "boom")
                {
                    throw new InvalidOperationException(s);
                }

                _trace.Add($"end {s} self={Context.Self.Path.Name} sender={Context.Sender.Path.Name}");
            });
        }

        protected override void PreRestart(Exception reason, object? message) =>
            _trace.Add($"A.PreRestart({message},Exception)");
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() =>
            ReceiveAsync<int>(async i =>
            {
                await Task.Yield();
                Sender.Tell(i);
            });
    }

    private sealed class Stray : ReceiveActor
    {
        public Stray(Trace trace) =>
            ReceiveAsync<string>(async _ =>
            {
                await Task.Delay(1).ConfigureAwait(false);
                trace.Add(Record.Exception(() => Context.Self)!.GetType().Name);
            });
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(Trace trace, Task pending) =>
            ReceiveAsync<string>(async s =>
            {
                trace.Add("waits");
                await pending;
                trace.Add($"went on with {s}");
            });
    }
}
