namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Makes the actor throw <see cref="ActorKilledException"/> when its turn comes; by default its supervisor then stops
/// it.
/// </summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill() { }

    /// <summary>The only value.</summary>
    public static Kill Instance { get; } = new();
}
