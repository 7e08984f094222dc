using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Tests.Traces;

/// <summary>Trace T24 of the real Akka.NET, and what else belongs to the end of a system.</summary>
public sealed class SystemTraces
{
    [Fact]
    public async Task T24_terminate_runs_the_phases_then_stops_the_actors_from_the_leaves_up()
    {
        var test = new TestSystem();
        var top = test.System.ActorOf(Props.Create(() => new K(test.Trace, "Z", null)));
        await test.Trace.Until("Z.PreStart");
        top.Tell("child");
        await test.Trace.Until("Kc.PreStart");
        string[] phases =
        [
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
            CoordinatedShutdown.PhaseClusterLeave,
            CoordinatedShutdown.PhaseBeforeClusterShutdown,
            CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseServiceRequestsDone,
            CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseBeforeServiceUnbind,
        ];

        // In the last phase a task runs beside the stopping of the actors, so the order between the two is not defined.
        var lastPhase = new Trace();
        var shutdown = CoordinatedShutdown.Get(test.System);
        foreach (var phase in phases)
        {
            shutdown.AddTask(phase, "trace", () => Add(test.Trace, phase));
        }

        shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "trace", () =>
            Add(lastPhase, CoordinatedShutdown.PhaseActorSystemTerminate)
        );

        await test.System.Terminate().InTime();
        test.Trace.Add("WhenTerminated");
        test.Trace.ShouldBe(
            "Z.ctor | Z.PreStart | Kc.ctor | Kc.PreStart | phase:before-service-unbind | phase:service-unbind | "
                + "phase:service-requests-done | "
                + "phase:service-stop | phase:before-cluster-shutdown | phase:cluster-leave | "
                + "phase:before-actor-system-terminate | "
                + "Kc.PostStop | Z.PostStop | WhenTerminated"
        );
        await lastPhase.Until("phase:actor-system-terminate");
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
        Assert.Throws<InvalidOperationException>(() => test.System.ActorOf(Handler.Props((_, _) => { })));

        static Task<Done> Add(Trace trace, string phase)
        {
            trace.Add($"phase:{phase}");
            return Task.FromResult(Done.Instance);
        }
    }

    [Fact]
    public async Task A_task_that_fails_or_hangs_is_passed_over()
    {
        var clock = new ManualTimeProvider();
        await using var test = new TestSystem(new KernelSetup { TimeProvider = clock });
        var shutdown = CoordinatedShutdown.Get(test.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () =>
            throw new InvalidOperationException("no")
        );
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hangs", () => new TaskCompletionSource<Done>().Task);
        var running = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.Same(running, shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
        await Until.HoldsAsync(() => clock.Armed > 0);

        // It begins when a thread is free: not before the phase's time is set.
        await Until.HoldsAsync(() => test.Log.Any(e => e.ToString().Contains("[fails]", StringComparison.Ordinal)));
        clock.Advance(5000);
        await running.InTime();
        await test.System.WhenTerminated.InTime();
        Assert.Contains(test.Log, e => e.ToString().Contains("timed out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_may_begin_at_a_later_phase()
    {
        await using var test = new TestSystem();
        var shutdown = CoordinatedShutdown.Get(test.System);
        foreach (var phase in new[] { CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseClusterLeave })
        {
            shutdown.AddTask(phase, "trace", () =>
            {
                test.Trace.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseClusterLeave).InTime();
        test.Trace.ShouldBe(CoordinatedShutdown.PhaseClusterLeave);
        Assert.Throws<ArgumentException>(() =>
            shutdown.AddTask("no-such-phase", "x", () => Task.FromResult(Done.Instance))
        );
    }

    [Fact]
    public void Phases_are_sorted_by_what_they_depend_on_and_a_circle_is_refused()
    {
        var phases = new Dictionary<string, ShutdownPhase>
        {
            ["c"] = new(["b"], TimeSpan.Zero),
            ["a"] = new([], TimeSpan.Zero),
            ["b"] = new(["a"], TimeSpan.Zero),
        };
        Assert.Equal(["a", "b", "c"], ShutdownPhase.TopologicalSort(phases));
        phases["a"] = new ShutdownPhase(["c"], TimeSpan.Zero);
        Assert.Throws<ArgumentException>(() => ShutdownPhase.TopologicalSort(phases));
    }

    [Fact]
    public void Phases_have_the_names_order_and_timeouts_of_the_original()
    {
        var phases = ShutdownPhase.Defaults(
            new Dictionary<string, TimeSpan> { ["service-stop"] = TimeSpan.FromSeconds(1) }
        );
        Assert.Equal(
            "before-service-unbind 5, service-unbind 5, service-requests-done 5, service-stop 1, "
                + "before-cluster-shutdown 5, "
                + "cluster-sharding-shutdown-region 10, cluster-leave 5, cluster-exiting 10, cluster-exiting-done 5, "
                + "cluster-shutdown 5, "
                + "before-actor-system-terminate 5, actor-system-terminate 10",
            string.Join(
                ", ",
                ShutdownPhase.TopologicalSort(phases).Select(name => $"{name} {phases[name].Timeout.TotalSeconds}")
            )
        );
    }

    [Fact]
    public async Task Termination_callbacks_run_last_first_and_before_WhenTerminated()
    {
        var test = new TestSystem();
        test.System.RegisterOnTermination(() => test.Trace.Add("first"));
        test.System.RegisterOnTermination(() => test.Trace.Add("second"));
        await test.System.Terminate().InTime();
        test.Trace.ShouldBe("second | first");
        Assert.Throws<InvalidOperationException>(() => test.System.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task A_guardian_that_fails_ends_the_system()
    {
        var test = new TestSystem();
        ((ActorSystemImpl)test.System).UserGuardian.Tell(Kill.Instance);
        await test.System.WhenTerminated.InTime();
        Assert.Contains(test.Log, e => e.ToString().Contains("Shutting down system", StringComparison.Ordinal));
    }
}
