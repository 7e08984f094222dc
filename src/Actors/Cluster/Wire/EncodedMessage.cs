namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>A message with its bytes: written once, though they are measured, kept on disk and sent.</summary>
/// <param name="message">The message; what arrives is this.</param>
/// <exception cref="System.Runtime.Serialization.SerializationException">It is none of the cluster's
/// messages.</exception>
internal sealed class EncodedMessage(IWireMessage message)
{
    /// <summary>The message.</summary>
    public IWireMessage Message { get; } = message;

    /// <summary>The message as UTF-8.</summary>
    public byte[] Bytes { get; } = WireFormat.Write(message);

    /// <summary>Whether members take it: a longer one would be dropped by the network layer in silence.</summary>
    public bool Fits => Bytes.Length <= WireFormat.MaximumBytes;
}
