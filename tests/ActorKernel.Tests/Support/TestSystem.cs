using System.Collections.Concurrent;
using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>An actor system of one test: its trace, its dead letters, its log.</summary>
public sealed class TestSystem : IAsyncDisposable
{
    public TestSystem(KernelSetup? setup = null)
    {
        System = ActorSystem.Create(
            "test",
            (setup ?? new KernelSetup()) with
            {
                LogSink = Log.Enqueue,
                LogLevel = LogLevel.DebugLevel,
                RunByClrShutdownHook = false,
            }
        );
        System.EventStream.Subscribe(
            new RecordingRef(message =>
            {
                if (message is DeadLetter letter)
                {
                    Dead.Add($"DL({Text(letter.Message)}->{letter.Recipient.Path.Name})");
                }
            }),
            typeof(DeadLetter)
        );
    }

    public ActorSystem System { get; }

    public Trace Trace { get; } = new();

    /// <summary>Dead letters; apart, since their order relative to other actors' doings is not defined.</summary>
    public Trace Dead { get; } = new();

    public ConcurrentQueue<LogEvent> Log { get; } = new();

    /// <summary>Comes back when the actor has processed everything sent to it before, or is dead.</summary>
    public static async Task Settled(IActorRef actor) =>
        await actor.Ask<ActorIdentity>(new Identify(0), Deadline.Length);

    /// <summary>Comes back when the actor and its children are gone; sends it nothing.</summary>
    public static async Task Gone(IActorRef actor)
    {
        var local = (LocalActorRef)actor;
        var death = new FutureActorRef(local.Cell.SystemImpl);
        local.SendSystemMessage(new Watch(local, death));
        Assert.IsType<Terminated>(await death.Result.InTime());
    }

    public IActorRef Supervise(SupervisorStrategy? strategy, string name = "sup") =>
        System.ActorOf(Props.Create(() => new Sup(Trace, strategy)), name);

    public async Task<IActorRef> Kid(IActorRef supervisor) =>
        await supervisor.Ask<IActorRef>(Props.Create(() => new K(Trace)), Deadline.Length);

    public async ValueTask DisposeAsync() => await System.Terminate().InTime();

    private static string Text(object message) => message.ToString() ?? "";
}
