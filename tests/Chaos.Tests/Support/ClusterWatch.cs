using System.Collections.Concurrent;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>
/// Hears what workers and broker tell, from the outside: how workers are, what they begin, and each result when the
/// broker routes it.
/// </summary>
internal sealed class ClusterWatch : IAsyncDisposable
{
    private readonly BrokerAddress _address;
    private readonly string _instance;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _listening;
    private readonly ConcurrentDictionary<string, WorkerStatus> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SeenResult> _results = new();
    private readonly ConcurrentQueue<(StartedMessage Job, DateTime At)> _started = new();

    internal ClusterWatch(BrokerAddress address, string instance)
    {
        _address = address;
        _instance = instance;
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>Results in the order in which the broker had them.</summary>
    internal IReadOnlyList<SeenResult> Results => [.. _results];

    /// <summary>Jobs that were begun, in order.</summary>
    internal IReadOnlyList<(StartedMessage Job, DateTime At)> Started => [.. _started];

    /// <summary>Whether it hears now.</summary>
    internal bool IsListening { get; private set; }

    /// <summary>Told of each result, on the thread that got it: nothing comes between.</summary>
    internal Action<SeenResult>? OnResult { get; set; }

    /// <summary>The last that a worker said; null where it said nothing.</summary>
    internal WorkerStatus? Worker(string name) => _workers.GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        _end.Dispose();
    }

    private async Task ListenAsync()
    {
        var names = new BrokerNames();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var lost = new TaskCompletionSource();
                await using var session = await BrokerSession.OpenAsync(
                    _address,
                    "chaos",
                    (_, _) => lost.TrySetResult(),
                    (_, _) => { },
                    _end.Token
                );
                string queue = $"watch.{Guid.NewGuid():N}";
                await session.DeclareAsync(
                    async channel =>
                    {
                        await Topology.DeclareEventsAsync(
                            channel,
                            names,
                            queue,
                            BrokerNames.WorkerKey("#"),
                            BrokerNames.StartedKey(_instance)
                        );
                        await channel.QueueBindAsync(names.Events(queue), names.ResultsExchange, _instance);
                    },
                    _end.Token
                );
                await session.ConsumeAsync(names.Events(queue), 0, Hear, _end.Token);
                IsListening = true;
                await lost.Task.WaitAsync(_end.Token);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                // The broker is away, or does not have the exchanges yet.
                await Task.Delay(50);
            }

            IsListening = false;
        }
    }

    private void Hear(Delivery delivery)
    {
        if (delivery.RoutingKey == _instance)
        {
            var result = WireJson.Read<ResultMessage>(delivery.Body);
            var seen = new SeenResult(result.Worker, result.ToJob(), result.Measured, DateTime.UtcNow);
            _results.Enqueue(seen);
            OnResult?.Invoke(seen);
        }
        else if (delivery.RoutingKey == BrokerNames.StartedKey(_instance))
        {
            _started.Enqueue((WireJson.Read<StartedMessage>(delivery.Body), DateTime.UtcNow));
        }
        else
        {
            var status = WireJson.Read<WorkerStatus>(delivery.Body);
            _workers[status.Worker] = status;
        }
    }

    /// <summary>A result that was routed to the host's queue.</summary>
    internal sealed record SeenResult(string Worker, JobId Job, Measured? Measured, DateTime At);
}
