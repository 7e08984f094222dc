using System.Collections.Frozen;
using System.Text.Json;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Serialization;

/// <summary>
/// The messages by the name under which they travel, <c>name/version</c>. A change that an older program would
/// misunderstand raises the version of that message.
/// </summary>
internal static class MessageCatalogue
{
    private const int Version = 1;
    private const string EventName = "monitor_event";

    private static readonly FrozenDictionary<string, Type> Types = typeof(IActorMessage)
        .Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IActorMessage)))
        .ToFrozenDictionary(type => Manifest(JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name)));

    private static readonly FrozenDictionary<Type, string> Manifests = Types.ToFrozenDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    /// <summary>Every kind of message.</summary>
    public static IEnumerable<Type> All => Manifests.Keys;

    /// <summary>The name of a message's kind.</summary>
    /// <exception cref="ArgumentException">It is no message of the monitor.</exception>
    public static string ManifestOf(object message) =>
        message is MonitorEvent ? Manifest(EventName)
        : Manifests.TryGetValue(message.GetType(), out string? manifest) ? manifest
        : throw new ArgumentException($"{message.GetType()} is no message of the monitor", nameof(message));

    /// <summary>The type that is read under a name; events by the name of their kind within.</summary>
    /// <exception cref="JsonException">There is no message of that name and version.</exception>
    public static Type TypeOf(string manifest) =>
        manifest == Manifest(EventName) ? typeof(MonitorEvent)
        : Types.TryGetValue(manifest, out var type) ? type
        : throw new JsonException($"there is no message '{manifest}'");

    private static string Manifest(string name) => $"{name}/{Version}";
}
