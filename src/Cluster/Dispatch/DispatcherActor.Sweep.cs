using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <content>
/// Looks now and then whether anything was lost: a broker that lost its data, a ticket or a dead letter must not leave
/// a run waiting for ever.
/// </content>
internal sealed partial class DispatcherActor
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    private void Sweep()
    {
        foreach (var (job, held) in _ledger.Release((_, held) => Since(held.Since) > _options.Timings.UnknownRun))
        {
            Duplicate(job, held);
        }

        Metrics.ReportUnacked("results", _ready ? _ledger.Unacked : null);
        if (!_ready)
        {
            foreach (string queue in new[] { "tickets", "slots", "results", "dead" })
            {
                Metrics.ReportQueue(queue, null);
            }

            return;
        }

        _workers.Sweep();
        TellOfJobsWithoutWorker();
        if (_operation is null || _control.Count == 0)
        {
            var slots = _open
                .Values.Where(open => open.SentAt is not null)
                .Select(open => _slots.NameOf(open.Slot))
                .Distinct()
                .ToList();
            Enqueue(session => InspectAsync(session, slots));
        }
    }

    private async Task<Action> InspectAsync(BrokerSession session, IReadOnlyList<string> slots)
    {
        var waiting = new Dictionary<string, QueueState?>(StringComparer.Ordinal);
        foreach (
            string queue in slots
                .Concat(BrokerNames.DeviceKinds.Select(_names.Tickets))
                .Concat([_names.Results(_options.Instance), _names.DeadQueue])
        )
        {
            waiting[queue] = await session.InspectAsync(queue, CancellationToken.None).ConfigureAwait(false);
        }

        return () => Inspected(waiting, slots);
    }

    private void Inspected(Dictionary<string, QueueState?> queues, IReadOnlyList<string> slots)
    {
        Metrics.ReportQueue("tickets", BrokerNames.DeviceKinds.Sum(kind => queues[_names.Tickets(kind)]?.Ready));
        Metrics.ReportQueue("slots", slots.Sum(slot => queues[slot]?.Ready ?? 0));
        Metrics.ReportQueue("results", queues[_names.Results(_options.Instance)]?.Ready);
        Metrics.ReportQueue("dead", queues[_names.DeadQueue]?.Ready);
        foreach (var open in _open.Values.Where(open => open.SentAt is not null).ToList())
        {
            if (queues.TryGetValue(_slots.NameOf(open.Slot), out var slot))
            {
                long tickets = queues[_names.Tickets(_sender.KindOf(open))]?.Ready ?? 0;
                Look(open, slot?.Ready ?? 0, tickets);
            }
        }
    }

    private void Look(OpenJob open, long inSlot, long tickets)
    {
        if (_workers.IsAt(open.Id))
        {
            open.MissingSince = null;
            return;
        }

        if (open.IsOvertaken)
        {
            DropUnlessAnswered(open);
            return;
        }

        bool isLatest = !_open.Values.Any(other =>
            other.Slot == open.Slot && other.Number > open.Number && other.SentAt is not null
        );
        if (isLatest && inSlot > 0)
        {
            open.MissingSince = null;
            if (
                Since(open.TicketAt) > open.TicketPatience
                || (tickets == 0 && Since(open.TicketAt) > _options.Timings.Stranded)
            )
            {
                TicketAgain(open);
            }

            return;
        }

        open.MissingSince ??= Now();
        if (Since(open.MissingSince.Value) <= _options.Timings.Stranded)
        {
            return;
        }

        if (!isLatest)
        {
            // A newer one took its place, and the broker's word of it was lost.
            Drop(open, DropReason.Superseded);
            return;
        }

        DispatchLog.Stranded(_context.Logger, open.Id);
        open.SentAt = null;
        if (_spool.Put(open) is { } replaced)
        {
            Drop(replaced, DropReason.Superseded);
        }
    }

    // A worker that is done says so before its result has come through: it has a moment more.
    private void DropUnlessAnswered(OpenJob open)
    {
        open.MissingSince ??= Now();
        if (Since(open.MissingSince.Value) > _options.Timings.Silence)
        {
            Drop(open, DropReason.Superseded);
        }
    }

    /// <summary>
    /// A surplus ticket costs a worker one look into an empty slot; a ticket that is lost would cost the job.
    /// </summary>
    private void TicketAgain(OpenJob open)
    {
        open.TicketAt = Now();
        open.TicketPatience *= 2;
        string slot = _slots.NameOf(open.Slot);
        var needs = open.Needs ?? _sender.NeedsOf(open.Resources.Probe);
        Enqueue(async session =>
        {
            await _sender.SendTicketAsync(session, open, slot, needs).ConfigureAwait(false);
            return () => { };
        });
    }

    private void TellOfJobsWithoutWorker()
    {
        if (Since(_readySince) < _options.Timings.Silence)
        {
            return;
        }

        foreach (var open in _open.Values.Where(open => open is { SentAt: not null, Needs: not null }))
        {
            string kind = _sender.KindOf(open);
            if (
                _workers.Up.Any(worker =>
                    worker.Device.StartsWith(kind, StringComparison.Ordinal)
                    && worker.Wire >= WireJson.Version
                    && worker.Meets(open.Needs!)
                )
            )
            {
                _told.Remove(open.Id.Run);
            }
            else if (_told.Add(open.Id.Run))
            {
                string torch = open.Needs!.Torch is { } least ? $", libtorch {least}" : string.Empty;
                DispatchLog.NoWorker(
                    _context.Logger,
                    open.Id,
                    $"a worker on {kind} with {open.Needs.MemoryBytes} bytes{torch}"
                );
            }
        }
    }
}
