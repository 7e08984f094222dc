using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>Sends a job to the broker: its files are lent, its slot is filled, a ticket says so.</summary>
/// <param name="options">The host's settings.</param>
/// <param name="names">The names of exchanges and queues.</param>
internal sealed class JobSender(HostClusterOptions options, BrokerNames names)
{
    // θ, a Lanczos vector, the one before it, and their product: without these nothing can be measured.
    private const int LeastVectors = 4;

    /// <summary>Puts a job into its slot, and then a ticket for it where workers look.</summary>
    /// <param name="session">The session.</param>
    /// <param name="open">The job.</param>
    /// <param name="slot">Its slot's queue.</param>
    /// <param name="isDeclared">Whether that queue is known to be there.</param>
    /// <param name="forgotten">Runs that workers need not keep any longer.</param>
    /// <exception cref="BundleException">Its files cannot be laid out.</exception>
    /// <exception cref="ClaimException">Its files cannot be laid out.</exception>
    public async Task SendAsync(
        BrokerSession session,
        OpenJob open,
        string slot,
        bool isDeclared,
        IReadOnlyList<string> forgotten
    )
    {
        var id = open.DeliveryId;
        var (job, resources) = (open.Job, open.Resources);
        open.Claims ??= await Task.Run(() => options.Claims.Claim(job.Id, resources)).ConfigureAwait(false);
        var needs = open.Needs ??= NeedsOf(resources.Probe);
        open.IsAtSlot = true;
        if (!isDeclared)
        {
            await session
                .DeclareAsync(
                    channel => Topology.DeclareSlotAsync(channel, names, options.Instance, slot),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }

        var message = new JobMessage(
            WireJson.Version,
            options.Instance,
            job.Id,
            job.Attempt,
            job.Settings with
            {
                ColdStart = true,
            },
            resources.Probe.ElementType,
            open.Claims,
            forgotten
        );
        await session
            .PublishAsync(names.JobsExchange, slot, WireJson.Write(message), id, options.Timings.Publish)
            .ConfigureAwait(false);
        open.IsAtSlot = false;
        await SendTicketAsync(session, open, slot, needs).ConfigureAwait(false);
    }

    /// <summary>Sends a ticket for a job that is in its slot.</summary>
    public Task SendTicketAsync(BrokerSession session, OpenJob open, string slot, JobNeeds needs)
    {
        string queue = names.Tickets(KindOf(open));
        var ticket = new Ticket(WireJson.Version, options.Instance, slot, needs);
        return session.PublishAsync(
            names.JobsExchange,
            queue,
            WireJson.Write(ticket),
            Guid.NewGuid(),
            options.Timings.Publish
        );
    }

    /// <summary>The kind of device that a job wants.</summary>
    public string KindOf(OpenJob open) => options.DeviceKind ?? BrokerNames.DeviceKind(open.Resources.Probe.Device);

    /// <summary>The least that a worker must have for a job.</summary>
    public JobNeeds NeedsOf(RunProbe probe) =>
        new(
            LeastVectors * probe.ParameterCount * (probe.ElementType == ElementType.Float32 ? 4 : 8),
            options.MinimumTorch
        );
}
