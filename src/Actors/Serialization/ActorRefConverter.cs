using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;

namespace CurvatureMonitor.Actors.Serialization;

/// <summary>Addresses of actors as JSON: their path, with the address of their system where it has one.</summary>
/// <param name="system">The system in which paths are resolved.</param>
internal sealed class ActorRefConverter(ExtendedActorSystem system) : JsonConverter<IActorRef>
{
    public override bool CanConvert(Type typeToConvert) => typeof(IActorRef).IsAssignableFrom(typeToConvert);

    public override IActorRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } path
            ? system.Provider.ResolveActorRef(path)
            : throw new JsonException("the address of an actor is empty");

    public override void Write(Utf8JsonWriter writer, IActorRef value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Akka.Serialization.Serialization.SerializedActorPath(value));
}
