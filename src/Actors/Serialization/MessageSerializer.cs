using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Serialization;

namespace CurvatureMonitor.Actors.Serialization;

/// <summary>
/// The messages of the monitor as JSON by the rules of the journal, so that numbers arrive to the last bit. Other
/// messages are refused.
/// </summary>
internal sealed class MessageSerializer : SerializerWithStringManifest
{
    private readonly JsonSerializerOptions _json;

    public MessageSerializer(ExtendedActorSystem system)
        : base(system) =>
        _json = new JsonSerializerOptions(MonitorJson.Options) { Converters = { new ActorRefConverter(system) } };

    /// <summary>The serialiser, bound to the messages and events of the monitor.</summary>
    public static Config Configuration { get; } =
        ConfigurationFactory.ParseString(
            $$"""
            akka.actor {
              serializers.curvature = "{{NameOf<MessageSerializer>()}}"
              serialization-bindings {
                "{{NameOf<IActorMessage>()}}" = curvature
                "{{NameOf<MonitorEvent>()}}" = curvature
              }
            }
            """
        );

    public override int Identifier => 1117;

    public override string Manifest(object o) => MessageCatalogue.ManifestOf(o);

    public override byte[] ToBinary(object obj) =>
        JsonSerializer.SerializeToUtf8Bytes(obj, MessageCatalogue.TypeOf(MessageCatalogue.ManifestOf(obj)), _json);

    public override object FromBinary(byte[] bytes, string manifest) =>
        JsonSerializer.Deserialize(bytes, MessageCatalogue.TypeOf(manifest), _json)
        ?? throw new JsonException($"a message '{manifest}' is null");

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
