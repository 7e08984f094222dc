namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// Every actor answers it with an <see cref="ActorIdentity"/>; for a dead one the answer names nobody.
/// </summary>
public sealed class Identify : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>Creates the question.</summary>
    /// <param name="messageId">Comes back in the answer.</param>
    public Identify(object? messageId) => MessageId = messageId;

    /// <summary>Comes back in the answer.</summary>
    public object? MessageId { get; }
}
