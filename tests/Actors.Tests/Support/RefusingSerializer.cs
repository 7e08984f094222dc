using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>
/// In place of the serialiser that takes any object: Akka.NET's own messages pass, any other that is none of the
/// monitor fails.
/// </summary>
public sealed class RefusingSerializer(ExtendedActorSystem system, Config settings)
    : NewtonSoftJsonSerializer(system, settings)
{
    public override int Identifier => 1;

    public override byte[] ToBinary(object obj) =>
        IsOfAkka(obj) ? base.ToBinary(obj) : throw new InvalidOperationException($"{obj.GetType()} is no message");

    private static bool IsOfAkka(object obj) =>
        obj.GetType().Namespace is { } name && (name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal));
}
