using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <content>What concerns a run as a whole: its jobs are withdrawn, cancelled, forgotten.</content>
internal sealed partial class DispatcherActor
{
    private void Withdraw(string run)
    {
        foreach (var open in _open.Values.Where(open => open.Id.Run == run).ToList())
        {
            if (open.IsSending)
            {
                open.IsWithdrawn = true;
            }
            else if (open.SentAt is null || (_session is null && !_workers.IsAt(open.Id)))
            {
                // Nobody has it; or nobody can be asked, and nobody is known to have it.
                Drop(open, DropReason.Rejected);
            }
        }

        TakeBack(run);
    }

    private void Cancel(string run) =>
        Enqueue(session => TellEventAsync(session, BrokerNames.CancelKey(_options.Instance, run), RunMessage(run)));

    private void Forget(string run)
    {
        foreach (var open in _open.Values.Where(open => open.Id.Run == run).ToList())
        {
            Close(open);
        }

        // What was passed on last may still be on its way to the journal.
        Timers.StartSingleTimer(run, new RunForgotten(run), _options.Timings.Silence);
        _settled.Remove(run);
        _forgotten.Enqueue(run);
        if (_forgotten.Count > ForgottenKept)
        {
            _forgotten.Dequeue();
        }

        var slots = _slots.Forget(run);
        Enqueue(async session =>
        {
            await TellEventAsync(session, BrokerNames.ForgetKey(_options.Instance, run), RunMessage(run))
                .ConfigureAwait(false);
            foreach (string slot in slots)
            {
                await session
                    .DeclareAsync(
                        channel => channel.QueueDeleteAsync(slot, ifUnused: false, ifEmpty: false, noWait: false),
                        CancellationToken.None
                    )
                    .ConfigureAwait(false);
            }

            return () => { };
        });
        Background(() => _options.Claims.Forget(run));
    }

    private byte[] RunMessage(string run) => WireJson.Write(new RunMessage(WireJson.Version, _options.Instance, run));

    /// <summary>Takes what waits in the slots of a run: whatever comes out has not begun, and will not.</summary>
    private void TakeBack(string run)
    {
        var slots = _open
            .Values.Where(open => open.Id.Run == run && open.SentAt is not null)
            .Select(open => _slots.NameOf(open.Slot))
            .Distinct()
            .ToList();
        if (slots.Count == 0)
        {
            return;
        }

        Enqueue(
            async session =>
            {
                var taken = new List<(JobId Id, Delivery Delivery)>();
                foreach (string slot in slots)
                {
                    while (await session.GetAsync(slot, CancellationToken.None).ConfigureAwait(false) is { } delivery)
                    {
                        taken.Add((WireJson.Read<JobMessage>(delivery.Body).Id, delivery));
                    }
                }

                return () => TakenBack(taken);
            },
            _ => DropUnheld(run)
        );
    }

    private void TakenBack(IReadOnlyList<(JobId Id, Delivery Delivery)> taken)
    {
        foreach (var (id, delivery) in taken)
        {
            if (_open.TryGetValue(id, out var open))
            {
                Drop(open, DropReason.Rejected);
            }

            Acknowledge([delivery]);
        }
    }

    // The broker cannot be asked. What no worker says that it has is given up; should one have it all the same, its
    // answer is a duplicate.
    private void DropUnheld(string run)
    {
        foreach (
            var open in _open
                .Values.Where(open => open.Id.Run == run && !open.IsSending && !_workers.IsAt(open.Id))
                .ToList()
        )
        {
            Drop(open, DropReason.Rejected);
        }
    }
}
