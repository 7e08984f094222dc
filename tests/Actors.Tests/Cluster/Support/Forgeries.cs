using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>An object that a stranger would have the host make: whoever reads it sets its property.</summary>
public sealed class Trap
{
    private static int _sprung;
    private string _text = string.Empty;

    /// <summary>How often it was made by reading it.</summary>
    public static int Sprung => Volatile.Read(ref _sprung);

    /// <summary>Counts when it is set.</summary>
    public string Text
    {
        get => _text;
        set
        {
            _text = value;
            Interlocked.Increment(ref _sprung);
        }
    }
}

/// <summary>An actor that a stranger would have the host start.</summary>
public sealed class TrapActor : ReceiveActor
{
    private static int _started;

    public TrapActor() => Interlocked.Increment(ref _started);

    /// <summary>How often it was started.</summary>
    public static int Started => Volatile.Read(ref _started);
}

/// <summary>A message that pretends to be one of the cluster.</summary>
/// <param name="Manifest">The name that it goes by.</param>
/// <param name="Body">Its text.</param>
public sealed record Forged(string Manifest, string Body);

/// <summary>Writes forged messages under the number of the cluster's own serialiser.</summary>
/// <param name="system">The actor system.</param>
public sealed class ForgedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 1118;

    public override string Manifest(object o) => ((Forged)o).Manifest;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Forged)obj).Body);

    public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
}
