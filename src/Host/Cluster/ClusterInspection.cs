using System.Collections.Concurrent;
using System.Text.Json;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>
/// Looks at a cluster: asks workers and hosts to say how they are, and the broker how full its queues are. Changes
/// nothing.
/// </summary>
internal static class ClusterInspection
{
    /// <param name="address">The broker.</param>
    /// <param name="wait">How long workers and hosts have to answer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UserErrorException">The broker is not reached, or refuses: one line.</exception>
    internal static async Task<ClusterReport> RunAsync(
        BrokerAddress address,
        TimeSpan wait,
        CancellationToken cancellation
    )
    {
        const string clientName = "curvature cluster status";
        if (
            await BrokerAddressFailure.ProbeAsync(address, clientName, cancellation).ConfigureAwait(false) is
            { } failure
        )
        {
            throw new UserErrorException(failure.Message);
        }

        try
        {
            var session = await BrokerSession
                .OpenAsync(address, clientName, (_, _) => { }, (_, _) => { }, cancellation)
                .ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                return await LookAsync(session, address, new BrokerNames(), wait, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException)
        {
            throw new UserErrorException(BrokerAddressFailure.Of(address, exception).Message, cause: exception);
        }
    }

    private static async Task<ClusterReport> LookAsync(
        BrokerSession session,
        BrokerAddress address,
        BrokerNames names,
        TimeSpan wait,
        CancellationToken cancellation
    )
    {
        if (await session.InspectAsync(names.DeadQueue, cancellation).ConfigureAwait(false) is not { } dead)
        {
            // Neither host nor worker was ever here.
            return new ClusterReport(address.ToString(), [], [], [], DeadLetters: null);
        }

        var (workers, hosts) = await HearAsync(session, names, wait, cancellation).ConfigureAwait(false);
        var queues = new List<ClusterReport.Queue>();
        var looked = BrokerNames
            .DeviceKinds.Select(names.Tickets)
            .Concat(hosts.SelectMany(host => new[] { names.Results(host.Instance), names.Dropped(host.Instance) }));
        foreach (string queue in looked)
        {
            if (await session.InspectAsync(queue, cancellation).ConfigureAwait(false) is { } state)
            {
                queues.Add(new ClusterReport.Queue(queue, state.Ready, state.Consumers));
            }
        }

        return new ClusterReport(address.ToString(), workers, hosts, queues, dead.Ready);
    }

    private static async Task<(
        IReadOnlyList<ClusterReport.Worker> Workers,
        IReadOnlyList<ClusterReport.Host> Hosts
    )> HearAsync(BrokerSession session, BrokerNames names, TimeSpan wait, CancellationToken cancellation)
    {
        var workers = new ConcurrentDictionary<string, ClusterReport.Worker>(StringComparer.Ordinal);
        var hosts = new ConcurrentDictionary<string, ClusterReport.Host>(StringComparer.Ordinal);
        string listener = $"status.{Guid.NewGuid():N}";
        await session
            .DeclareAsync(
                channel =>
                    Topology.DeclareEventsAsync(
                        channel,
                        names,
                        listener,
                        BrokerNames.WorkerKey("#"),
                        BrokerNames.HostKey("#")
                    ),
                cancellation
            )
            .ConfigureAwait(false);
        await session.ConsumeAsync(names.Events(listener), 0, Hear, cancellation).ConfigureAwait(false);
        await session
            .TellAsync(names.EventsExchange, BrokerNames.PingKey, ReadOnlyMemory<byte>.Empty)
            .ConfigureAwait(false);
        await Task.Delay(wait, cancellation).ConfigureAwait(false);
        return (
            [.. workers.Values.OrderBy(worker => worker.Name, StringComparer.Ordinal)],
            [.. hosts.Values.OrderBy(host => host.Instance, StringComparer.Ordinal)]
        );

        void Hear(Delivery delivery)
        {
            try
            {
                if (delivery.RoutingKey.StartsWith(BrokerNames.HostKey(string.Empty), StringComparison.Ordinal))
                {
                    var host = WireJson.Read<HostStatus>(delivery.Body);
                    hosts[host.Instance] = new ClusterReport.Host(
                        host.Instance,
                        host.Host,
                        host.ProcessId,
                        host.Runs,
                        host.OpenJobs,
                        host.OldestSeconds
                    );
                }
                else
                {
                    var worker = WireJson.Read<WorkerStatus>(delivery.Body);
                    if (worker.State == WorkerState.Stopped)
                    {
                        workers.TryRemove(worker.Worker, out _);
                    }
                    else
                    {
                        workers[worker.Worker] = Describe(worker);
                    }
                }
            }
            catch (JsonException)
            {
                // Of a version that speaks otherwise.
            }
        }
    }

    private static ClusterReport.Worker Describe(WorkerStatus worker) =>
        new(
            worker.Worker,
            worker.State.ToString().ToLowerInvariant(),
            worker.Device,
            worker.MemoryBytes,
            worker.Torch,
            worker.Host,
            worker.ProcessId,
            worker.JobsDone
        )
        {
            Run = worker.Job?.Run,
            Step = worker.Job?.Step,
            Analysis = worker.Job?.Analysis.Label(),
            SecondsLeft = worker.SecondsLeft,
        };
}
