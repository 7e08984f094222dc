namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>
/// A subscriber that is no actor: it records on the thread that publishes, so nothing has to be waited for.
/// </summary>
public sealed class RecordingRef(Action<object> record) : IActorRef
{
    public ActorPath Path { get; } = ActorPath.RootOf("test") / "recorder";

    public void Tell(object message, IActorRef? sender) => record(message);

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Path.GetHashCode();

    public int CompareTo(IActorRef? other) => Path.CompareTo(other?.Path);

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);
}
