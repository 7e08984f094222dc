using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <content>Operations on the broker, one at a time: control first, then the jobs of the spool.</content>
internal sealed partial class DispatcherActor
{
    // Twice in a row with the broker there is no accident: the slot's queue is broken, and another takes its place.
    private const int FailuresOfBrokenSlot = 2;

    private readonly Queue<(Func<BrokerSession, Task<Action>> Run, Action<Exception>? Failed)> _control = new();
    private readonly JobSender _sender;
    private readonly SlotQueues _slots;
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
        _slots.SessionBegan();
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
            Start(new Operation(++_operations, open, null), SendAsync(session, open, [.. _forgotten]));
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
            DispatchLog.OperationFailed(_context.Logger, exception.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task<Action> SendAsync(BrokerSession session, OpenJob open, IReadOnlyList<string> forgotten)
    {
        string slot = _slots.NameOf(open.Slot);
        bool isDeclared = _slots.IsDeclared(open.Slot);
        try
        {
            await _sender.SendAsync(session, open, slot, isDeclared, forgotten).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is BundleException or ClaimException)
        {
            return () => Refused(open, refused);
        }

        return () =>
        {
            _slots.Used(slot);
            Sent(open);
        };
    }

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

        _slots.Undeclared(open.Slot);
        if (_ready && !_blocked)
        {
            DispatchLog.NotSent(_context.Logger, open.Id, exception.Message.ReplaceLineEndings(" "));
            if (open.IsAtSlot && ++open.Failures >= FailuresOfBrokenSlot)
            {
                open.Failures = 0;
                _slots.Replace(open.Slot);
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

    private async Task<Action> TellEventAsync(BrokerSession session, string key, ReadOnlyMemory<byte> body)
    {
        await session.TellAsync(_names.EventsExchange, key, body).ConfigureAwait(false);
        return () => { };
    }

    private sealed record Operation(long Number, OpenJob? Job, Action<Exception>? Failed);

    private sealed record OperationDone(long Number, Action Then) : INoSerializationVerificationNeeded;

    private sealed record OperationFailed(long Number, Exception Exception) : INoSerializationVerificationNeeded;

    private sealed record PumpDue : INoSerializationVerificationNeeded
    {
        public static PumpDue Instance { get; } = new();
    }
}
