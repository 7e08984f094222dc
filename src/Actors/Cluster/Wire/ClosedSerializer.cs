using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>
/// In place of a serialiser of Akka.NET that makes whatever type a message names: takes its number, and refuses both
/// ways.
/// </summary>
/// <param name="system">The actor system.</param>
/// <param name="identifier">The number.</param>
internal abstract class ClosedSerializer(ExtendedActorSystem system, int identifier) : Serializer(system)
{
    public override int Identifier { get; } = identifier;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} is no message of the cluster");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("a message that names a type of its own is not read");
}

/// <summary>In place of JSON with names of types.</summary>
/// <param name="system">The actor system.</param>
/// <param name="settings">Settings of the serialiser that it replaces.</param>
#pragma warning disable CS9113 // Akka.NET gives them to every serialiser that bears this name.
internal sealed class ClosedJsonSerializer(ExtendedActorSystem system, Config settings) : ClosedSerializer(system, 1);
#pragma warning restore CS9113

/// <summary>In place of the one by which another process would start actors here.</summary>
/// <param name="system">The actor system.</param>
internal sealed class ClosedDeploymentSerializer(ExtendedActorSystem system) : ClosedSerializer(system, 3);
