using Akka.Actor;
using Akka.Serialization;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>Akka.NET's way to <see cref="WireFormat"/>.</summary>
/// <param name="system">The actor system.</param>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 1118;

    public override string Manifest(object o) =>
        WireFormat.ManifestOf(o is EncodedMessage encoded ? encoded.Message : o);

    public override byte[] ToBinary(object obj) =>
        obj is EncodedMessage encoded ? encoded.Bytes : WireFormat.Write(obj);

    public override object FromBinary(byte[] bytes, string manifest) => WireFormat.Read(bytes, manifest);
}
