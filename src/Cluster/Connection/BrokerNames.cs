using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// The names of exchanges, queues and routing keys: what processes of different versions must agree on.
/// </summary>
/// <param name="prefix">What every name begins with.</param>
internal sealed class BrokerNames(string prefix = BrokerNames.DefaultPrefix)
{
    /// <summary>The prefix outside tests.</summary>
    public const string DefaultPrefix = "curv";

    /// <summary>The routing key by which workers and hosts are asked to say at once how they are.</summary>
    public const string PingKey = "ping";

    /// <summary>The routing key of tickets that were delivered too often.</summary>
    public const string DeadTicketKey = "ticket";

    /// <summary>The routing keys of every poison job.</summary>
    public const string PoisonKeys = "poison.#";

    // A name in AMQP has 255 bytes at most; the rest of a queue's name needs some of them.
    private const int LongestRun = 150;

    /// <summary>The kinds of devices that there are ticket queues for.</summary>
    public static IReadOnlyList<string> DeviceKinds { get; } = ["cpu", "cuda"];

    public string JobsExchange => prefix + ".jobs";

    public string ResultsExchange => prefix + ".results";

    public string EventsExchange => prefix + ".events";

    public string DeadExchange => prefix + ".dead";

    public string DeadQueue => prefix + ".dead";

    public string Tickets(string deviceKind) => $"{prefix}.tickets.{deviceKind}";

    /// <summary>The queue of a slot, which is its routing key on the exchange of jobs too.</summary>
    /// <param name="instance">The host.</param>
    /// <param name="run">The run.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="generation">0 at first; another queue for each queue that the broker broke.</param>
    public string Slot(string instance, string run, AnalysisKind analysis, int generation) =>
        $"{prefix}.slot.{instance}.{Encode(run)}.{analysis.Label()}"
        + (generation == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $".{generation}"));

    public string Results(string instance) => $"{prefix}.results.{instance}";

    public string Dropped(string instance) => $"{prefix}.dropped.{instance}";

    public string Events(string who) => $"{prefix}.events.{who}";

    public static string StaleKey(string instance) => "stale." + instance;

    public static string PoisonKey(string instance, string run) => $"poison.{instance}.{Encode(run)}";

    public static string WorkerKey(string worker) => "worker." + worker;

    public static string HostKey(string instance) => "host." + instance;

    public static string StartedKey(string instance) => "job.started." + instance;

    public static string CancelKey(string instance, string run) => $"cancel.{instance}.{Encode(run)}";

    public static string ForgetKey(string instance, string run) => $"forget.{instance}.{Encode(run)}";

    public static string DeviceKind(Device device) => device.IsCuda ? "cuda" : "cpu";

    /// <summary>
    /// A run's name as one word of a routing key: letters, digits, '-' and '_' stand for themselves, every other byte
    /// of its UTF-8 is %XX; a long one is cut and told apart by its hash.
    /// </summary>
    internal static string Encode(string run)
    {
        var text = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(run))
        {
            _ =
                char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_'
                    ? text.Append((char)b)
                    : text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.Length <= LongestRun
            ? text.ToString()
            : $"{text.ToString(0, LongestRun)}~"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run)))[..16];
    }
}
