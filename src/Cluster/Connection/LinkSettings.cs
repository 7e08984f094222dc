using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>What a link to the broker needs.</summary>
/// <param name="Address">The broker.</param>
/// <param name="Role">What it is for, in metrics: <c>host</c> or <c>worker</c>.</param>
/// <param name="ClientName">What the broker shows of the connection.</param>
/// <param name="Declare">Declares what is needed.</param>
/// <param name="Consume">Starts the consumers.</param>
/// <param name="Metrics">The metrics; none where null.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
internal sealed record LinkSettings(
    BrokerAddress Address,
    string Role,
    string ClientName,
    Func<IChannel, Task> Declare,
    Func<BrokerSession, CancellationToken, Task> Consume,
    ClusterMetrics? Metrics,
    TimeProvider Time,
    ILogger Logger
)
{
    /// <summary>Set when the link has ended and its connection is closed.</summary>
    public TaskCompletionSource? Ended { get; init; }

    /// <summary>
    /// How long it waits before it connects again, at first; twice as long each time, with some chance in it.
    /// </summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long it waits at most.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it asks the broker whether its consumers are there.</summary>
    public TimeSpan Check { get; init; } = TimeSpan.FromSeconds(15);
}
