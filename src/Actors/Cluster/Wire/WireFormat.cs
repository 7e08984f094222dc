using System.Collections.Frozen;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CurvatureMonitor.Contracts.Serialization;

namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>
/// The messages as bytes: JSON by the rules of the journal, so that numbers arrive to the last bit, under names with
/// versions. Members that a version does not know are passed over; a change that an older version would misunderstand
/// raises the version of that message. No other type is ever made from bytes.
/// </summary>
internal static class WireFormat
{
    /// <summary>The most bytes of a message; a longer one would be dropped by the network layer in silence.</summary>
    public const int MaximumBytes = 4 << 20;

    private static readonly FrozenDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        ["worker_report/1"] = typeof(WorkerReport),
        ["answer_sent/1"] = typeof(AnswerSent),
        ["job_returned/1"] = typeof(JobReturned),
        ["worker_welcome/1"] = typeof(WorkerWelcome),
        ["do_job/1"] = typeof(DoJob),
        ["cancel_assignment/1"] = typeof(CancelAssignment),
        ["answer_taken/1"] = typeof(AnswerTaken),
        ["run_ended/1"] = typeof(RunEnded),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Manifests = Types.ToFrozenDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    // Kinds of measurements are found by their name when they are read, and the compiler cannot list them: those alone
    // are looked up when the program runs.
    private static readonly JsonSerializerOptions JsonOptions = new(MonitorJson.Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(
            WireJson.Default.WithAddedModifier(MonitorJson.NameKinds),
            MonitorJson.Options.TypeInfoResolver
        ),
    };

    /// <summary>Every kind of message.</summary>
    public static IEnumerable<Type> All => Manifests.Keys;

    /// <summary>The name and version of a message's kind.</summary>
    /// <exception cref="SerializationException">It is none of the cluster's messages.</exception>
    public static string ManifestOf(object message) =>
        Manifests.TryGetValue(message.GetType(), out string? manifest)
            ? manifest
            : throw new SerializationException($"{message.GetType()} is no message of the cluster");

    /// <summary>The message as UTF-8.</summary>
    /// <exception cref="SerializationException">It is none of the cluster's messages.</exception>
    public static byte[] Write(object message)
    {
        _ = ManifestOf(message);
        return JsonSerializer.SerializeToUtf8Bytes(message, JsonOptions.GetTypeInfo(message.GetType()));
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="SerializationException">There is no message of that name and version, or it is
    /// damaged.</exception>
    public static IWireMessage Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        if (!Types.TryGetValue(manifest, out var type))
        {
            throw new SerializationException($"there is no message '{manifest}' of the cluster");
        }

        try
        {
            return (IWireMessage?)JsonSerializer.Deserialize(bytes, JsonOptions.GetTypeInfo(type))
                ?? throw new SerializationException($"a message '{manifest}' is null");
        }
        catch (Exception damaged) when (damaged is JsonException or NotSupportedException or ArgumentException)
        {
            throw new SerializationException($"a message '{manifest}' cannot be read: {damaged.Message}", damaged);
        }
    }
}
