namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Arrives when no message came for as long as <see cref="IActorContext.SetReceiveTimeout"/> said; repeats while idle.
/// </summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout() { }

    /// <summary>The only value.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}
