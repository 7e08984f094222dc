using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <content>Operations on the broker, one at a time: control first, then the jobs of the spool.</content>
internal sealed partial class DispatcherActor
{
    // θ, a Lanczos vector, the one before it, and their product: without these nothing can be measured.
    private const int LeastVectors = 4;

    // Twice in a row with the broker there is no accident: the slot's queue is broken, and another takes its place.
    private const int FailuresOfBrokenSlot = 2;

    private readonly Queue<(Func<BrokerSession, Task<Action>> Run, Action<Exception>? Failed)> _control = new();
    private readonly Dictionary<SlotId, int> _generations = [];
    private readonly HashSet<string> _declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private bool _ready;
    private bool _blocked;
    private Operation? _operation;
    private long _operations;

    private void Connected(BrokerSession session)
    {
        if (_session is not null)
        {
            // The link was restarted, and did not come to say so.
            Disconnected();
        }

        _session = session;
        _declared.Clear();
    }

    private void Ready()
    {
        (_ready, _blocked, _readySince) = (true, false, Now());
        _workers.Listening();
        Enqueue(connected => TellEventAsync(connected, BrokerNames.PingKey, ReadOnlyMemory<byte>.Empty));
        if (!_caughtUp)
        {
            Timers.StartSingleTimer(CaughtUp.Instance, CaughtUp.Instance, _options.Timings.Ping);
        }
    }

    private void Disconnected()
    {
        (_session, _ready, _blocked) = (null, false, false);
        _ledger.SessionLost();
        if (_operation is { } cut)
        {
            EndOperation(cut, new OperationCanceledException("the connection is lost"));
        }
    }

    private void Blocked(LinkBlocked blocked)
    {
        _blocked = blocked.IsBlocked;
        Pump();
    }

    private void Enqueue(Func<BrokerSession, Task<Action>> run, Action<Exception>? failed = null)
    {
        _control.Enqueue((run, failed));
        Pump();
    }

    private void Pump()
    {
        if (!_ready || _blocked || _operation is not null || _session is not { } session)
        {
            return;
        }

        if (_control.TryDequeue(out var control))
        {
            Start(new Operation(++_operations, null, control.Failed), control.Run(session));
        }
        else if (!Timers.IsTimerActive(PumpDue.Instance) && _spool.Take() is { } open)
        {
            open.IsSending = true;
            open.SentAt = null;
            open.IsOvertaken = false;
            open.DeliveryId = Guid.NewGuid();
            Start(
                new Operation(++_operations, open, null),
                SendAsync(session, open, SlotOf(open.Slot), _declared.Contains(SlotOf(open.Slot)), [.. _forgotten])
            );
        }
    }

    private void Start(Operation operation, Task<Action> task)
    {
        _operation = operation;
        long number = operation.Number;
        task.PipeTo(
            Self,
            success: then => new OperationDone(number, then),
            failure: exception => new OperationFailed(number, exception)
        );
    }

    private void OperationEnded(long number, Action then)
    {
        if (_operation?.Number == number)
        {
            _operation = null;
            then();
            Pump();
        }
    }

    private void Failed(OperationFailed failed)
    {
        if (_operation is { } operation && operation.Number == failed.Number)
        {
            EndOperation(operation, failed.Exception);
            Pump();
        }
    }

    private void EndOperation(Operation operation, Exception exception)
    {
        _operation = null;
        if (operation.Job is { } open)
        {
            NotSent(open, exception);
        }
        else if (operation.Failed is { } told)
        {
            told(exception);
        }
        else
        {
            ClusterLog.OperationFailed(_context.Logger, exception.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task<Action> SendAsync(
        BrokerSession session,
        OpenJob open,
        string slot,
        bool isDeclared,
        IReadOnlyList<string> forgotten
    )
    {
        var id = open.DeliveryId;
        using var checkpoint = open.Job.Checkpoint.Retain();
        var job = open.Job with { Checkpoint = checkpoint };
        try
        {
            open.Claims ??= await Task.Run(() => _options.Claims.Claim(job)).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is BundleException or ClaimException)
        {
            return () => Refused(open, refused);
        }

        var needs = open.Needs ??= NeedsOf(job);
        open.IsAtSlot = true;
        if (!isDeclared)
        {
            await session
                .DeclareAsync(
                    channel => Topology.DeclareSlotAsync(channel, _names, _options.Instance, slot),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }

        var message = new JobMessage(
            WireJson.Version,
            _options.Instance,
            job.Id,
            job.Attempt,
            job.Settings with
            {
                ColdStart = true,
            },
            job.Probe.ElementType,
            open.Claims,
            forgotten
        );
        await session
            .PublishAsync(_names.JobsExchange, slot, WireJson.Write(message), id, _options.Timings.Publish)
            .ConfigureAwait(false);
        open.IsAtSlot = false;
        await SendTicketAsync(session, open, slot, needs).ConfigureAwait(false);
        return () =>
        {
            _declared.Add(slot);
            _used.Add(slot);
            Sent(open);
        };
    }

    private Task SendTicketAsync(BrokerSession session, OpenJob open, string slot, JobNeeds needs)
    {
        string queue = _names.Tickets(KindOf(open));
        var ticket = new Ticket(WireJson.Version, _options.Instance, slot, needs);
        return session.PublishAsync(
            _names.JobsExchange,
            queue,
            WireJson.Write(ticket),
            Guid.NewGuid(),
            _options.Timings.Publish
        );
    }

    private string KindOf(OpenJob open) => _options.DeviceKind ?? BrokerNames.DeviceKind(open.Job.Probe.Device);

    private JobNeeds NeedsOf(AnalyseCheckpoint job) =>
        new(
            LeastVectors * job.Probe.ParameterCount * (job.Probe.ElementType == ElementType.Float32 ? 4 : 8),
            _options.MinimumTorch
        );

    private void Sent(OpenJob open)
    {
        (open.IsSending, open.SentAt, open.TicketAt, open.MissingSince, open.Failures) = (false, Now(), Now(), null, 0);
        open.TicketPatience = _options.Timings.Stranded;
        if (open.IsWithdrawn)
        {
            TakeBack(open.Id.Run);
        }
    }

    private void NotSent(OpenJob open, Exception exception)
    {
        open.IsSending = false;
        if (!_open.TryGetValue(open.Id, out var known) || !ReferenceEquals(known, open))
        {
            return;
        }

        if (open.IsWithdrawn)
        {
            Drop(open, DropReason.Rejected);
            return;
        }

        string slot = SlotOf(open.Slot);
        _declared.Remove(slot);
        if (_ready && !_blocked)
        {
            ClusterLog.NotSent(_context.Logger, open.Id, exception.Message.ReplaceLineEndings(" "));
            if (open.IsAtSlot && ++open.Failures >= FailuresOfBrokenSlot)
            {
                open.Failures = 0;
                _generations[open.Slot] = _generations.GetValueOrDefault(open.Slot) + 1;
            }

            Timers.StartSingleTimer(PumpDue.Instance, PumpDue.Instance, _options.Timings.Pause);
        }

        if (_spool.Put(open) is { } replaced)
        {
            Drop(replaced, DropReason.Superseded);
        }
    }

    private void Refused(OpenJob open, Exception refused)
    {
        open.IsSending = false;
        if (_open.TryGetValue(open.Id, out var known) && ReferenceEquals(known, open))
        {
            Answer(
                open,
                refused is ClaimException { IsMissing: true }
                    ? new JobDropped(open.Id, DropReason.Missing)
                    : new JobFailed(
                        open.Id,
                        JobFailureReason.InvalidCheckpoint,
                        refused.Message.ReplaceLineEndings(" "),
                        0,
                        open.Job.Attempt
                    )
            );
        }
    }

    private string SlotOf(SlotId slot) =>
        _names.Slot(_options.Instance, slot.Run, slot.Analysis, _generations.GetValueOrDefault(slot));

    private async Task<Action> TellEventAsync(BrokerSession session, string key, ReadOnlyMemory<byte> body)
    {
        await session.TellAsync(_names.EventsExchange, key, body).ConfigureAwait(false);
        return () => { };
    }

    private sealed record Operation(long Number, OpenJob? Job, Action<Exception>? Failed);

    private sealed record OperationDone(long Number, Action Then);

    private sealed record OperationFailed(long Number, Exception Exception);

    private sealed record PumpDue
    {
        public static PumpDue Instance { get; } = new();
    }
}
