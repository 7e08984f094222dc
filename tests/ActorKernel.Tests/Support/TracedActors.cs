namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>A supervisor that logs its life: starts a child "kid" from props, and does with it as told.</summary>
internal sealed class Sup : ReceiveActor
{
    private readonly Trace _trace;
    private readonly SupervisorStrategy? _strategy;

    public Sup(Trace trace, SupervisorStrategy? strategy)
    {
        _trace = trace;
        _strategy = strategy;
        Receive<Props>(props => Sender.Tell(Context.ActorOf(props, "kid")));
        Receive<string>(s => s == "watch", _ => Context.Watch(Context.Child("kid")));
        Receive<string>(s => s == "stop", _ => Context.Stop(Context.Child("kid")));
        Receive<Terminated>(t => _trace.Add($"Sup.Terminated(ec={t.ExistenceConfirmed})"));
    }

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();

    protected override void PreStart() => _trace.Add("Sup.PreStart");

    protected override void PostStop() => _trace.Add("Sup.PostStop");

    protected override void PreRestart(Exception reason, object? message)
    {
        _trace.Add("Sup.PreRestart");
        base.PreRestart(reason, message);
    }
}

/// <summary>
/// A child that logs its life. "boom" throws, "child" makes a child of its own, "block" waits for a gate.
/// </summary>
internal sealed class K : ReceiveActor
{
    private readonly Trace _trace;
    private readonly string _name;

    public K(Trace trace, string name = "K", SemaphoreSlim? gate = null)
    {
        _trace = trace;
        _name = name;
        _trace.Add($"{_name}.ctor");
        Receive<string>(
            s => s == "boom",
            _ =>
            {
                _trace.Add($"{_name}.boom");
                throw new InvalidOperationException("boom");
            }
        );
        Receive<string>(s => s == "child", _ => Context.ActorOf(Props.Create(() => new K(trace, "Kc", null)), "kc"));
        Receive<string>(s =>
        {
            _trace.Add($"{_name}.got({s})");
            if (s.StartsWith("slow", StringComparison.Ordinal))
            {
                gate!.Wait(Deadline.Length);
            }
        });
    }

    protected override void PreStart() => _trace.Add($"{_name}.PreStart");

    protected override void PostStop() => _trace.Add($"{_name}.PostStop");

    protected override void PreRestart(Exception reason, object? message)
    {
        _trace.Add($"{_name}.PreRestart({message})");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _trace.Add($"{_name}.PostRestart");
        base.PostRestart(reason);
    }
}

/// <summary>An actor with one handler, given by the test.</summary>
internal sealed class Handler : UntypedActor
{
    private readonly Action<IUntypedActorContext, object> _handle;

    public Handler(Action<IUntypedActorContext, object> handle) => _handle = handle;

    public static Props Props(Action<IUntypedActorContext, object> handle) => Actor.Props.Create<Handler>(handle);

    protected override void OnReceive(object message) => _handle(Context, message);
}
