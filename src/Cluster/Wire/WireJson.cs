using System.Text.Json;
using CurvatureMonitor.Contracts.Serialization;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>
/// Messages as they cross the network: JSON by the rules of the journal, so that numbers arrive to the last bit.
/// Members that a version does not know are passed over; a change that an older version would misunderstand raises
/// <see cref="Version"/>.
/// </summary>
internal static class WireJson
{
    /// <summary>The version of the messages: a worker leaves jobs of a later one to others.</summary>
    public const int Version = 1;

    /// <summary>The message as UTF-8.</summary>
    public static byte[] Write<T>(T message) => JsonSerializer.SerializeToUtf8Bytes(message, MonitorJson.Options);

    /// <summary>Reads a message.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body) => MonitorJson.Read<T>(body);
}
