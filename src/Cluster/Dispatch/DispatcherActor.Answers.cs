using System.Text.Json;
using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <content>What comes back: results, jobs that the broker dropped, events of workers.</content>
internal sealed partial class DispatcherActor
{
    private void TakeResult(Delivery delivery)
    {
        _resultsSeen++;
        if (delivery.Redelivered)
        {
            Metrics.Redelivered("results");
        }

        JobId job;
        JobAnswer answer;
        try
        {
            var result = WireJson.Read<ResultMessage>(delivery.Body);
            (job, answer) = (result.ToJob(), result.ToAnswer());
        }
        catch (JsonException exception)
        {
            Refuse("results", delivery, exception);
            return;
        }

        if (_open.TryGetValue(job, out var open))
        {
            PassOn(open, answer, delivery);
        }
        else if (_ledger.IsPassedOn(job))
        {
            // The same once more, or a second copy of it: kept as long as the first.
            _ledger.PassOn(job, delivery);
        }
        else
        {
            HoldOrDiscard(job, new HeldAnswer(answer, delivery, Now()));
        }
    }

    private void PassOn(OpenJob open, JobAnswer answer, Delivery delivery)
    {
        if (answer is JobDropped)
        {
            Acknowledge([delivery]);
        }
        else
        {
            _ledger.PassOn(open.Id, delivery);
        }

        Answer(open, answer);
    }

    /// <summary>
    /// An answer that nobody waits for: of a run that has not told yet what it left open, or a duplicate.
    /// </summary>
    private void HoldOrDiscard(JobId job, HeldAnswer held)
    {
        if (_settled.Contains(job.Run) || _forgotten.Contains(job.Run))
        {
            Duplicate(job, held);
        }
        else
        {
            _ledger.Hold(job, held);
        }
    }

    private void Duplicate(JobId job, HeldAnswer held)
    {
        if (held.Answer is not JobDropped)
        {
            _context.Metrics.DuplicateAnswer(job.Run, job.Analysis.Label());
        }

        Acknowledge([held.Delivery]);
    }

    private void TakeDrop(Delivery delivery)
    {
        JobId job;
        try
        {
            job = WireJson.Read<JobMessage>(delivery.Body).Id;
        }
        catch (JsonException exception)
        {
            Refuse("dropped", delivery, exception);
            return;
        }

        switch (delivery.DeathReason)
        {
            case "delivery_limit":
                KeepPoison(job, delivery);
                break;
            case "expired":
                Dropped(job, delivery, DropReason.Expired);
                break;
            case "rejected":
                Dropped(job, delivery, DropReason.Rejected);
                break;
            default:
                Dropped(job, delivery, DropReason.Superseded);
                break;
        }
    }

    private void Dropped(JobId job, Delivery delivery, DropReason reason)
    {
        if (!_open.TryGetValue(job, out var open))
        {
            HoldOrDiscard(job, new HeldAnswer(new JobDropped(job, reason), delivery, Now()));
            return;
        }

        Acknowledge([delivery]);

        // Word of an older copy says nothing of the job; a job that is parked was sent by an earlier process, whose ids
        // nobody knows.
        if (open.DeliveryId != delivery.Id && !open.IsParked)
        {
            return;
        }

        if (reason == DropReason.Superseded && _workers.IsAt(open.Id))
        {
            // A connection was lost and the broker put the job back, behind a newer one: nobody gets it again, but its
            // worker may be there yet with the result.
            DispatchLog.Overtaken(_context.Logger, job);
            open.IsOvertaken = true;
            return;
        }

        Drop(open, reason);
    }

    /// <summary>A job that broke every worker is put where a person finds it, before it counts as dropped.</summary>
    private void KeepPoison(JobId job, Delivery delivery)
    {
        string key = BrokerNames.PoisonKey(_options.Instance, job.Run);
        Enqueue(
            async session =>
            {
                await session
                    .PublishAsync(
                        _names.DeadExchange,
                        key,
                        delivery.Body,
                        delivery.Id,
                        _options.Timings.Publish,
                        delivery.Headers
                    )
                    .ConfigureAwait(false);
                return () =>
                {
                    DispatchLog.Poison(_context.Logger, job);
                    Dropped(job, delivery, DropReason.Poison);
                };
            },
            // It stays unacknowledged: the broker delivers it again in the next session.
            exception => DispatchLog.PoisonNotKept(_context.Logger, job, exception.Message.ReplaceLineEndings(" "))
        );
    }

    private void TakeEvent(Delivery delivery)
    {
        try
        {
            if (delivery.RoutingKey == BrokerNames.StartedKey(_options.Instance))
            {
                Started(WireJson.Read<StartedMessage>(delivery.Body));
            }
            else if (delivery.RoutingKey == BrokerNames.PingKey)
            {
                byte[] status = WireJson.Write(Status());
                Enqueue(session => TellEventAsync(session, BrokerNames.HostKey(_options.Instance), status));
            }
            else
            {
                _workers.Heard(WireJson.Read<WorkerStatus>(delivery.Body));
            }
        }
        catch (JsonException exception)
        {
            // Of a version that speaks otherwise: events may be lost.
            WireLog.Unreadable(_context.Logger, "events", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private HostStatus Status()
    {
        var sent = _open.Values.Where(open => open.SentAt is not null).ToList();
        return new HostStatus(
            WireJson.Version,
            _options.Instance,
            Environment.MachineName,
            Environment.ProcessId,
            _open.Keys.Select(id => id.Run).Distinct().Count(),
            _open.Count
        )
        {
            OldestSeconds = sent.Count == 0 ? null : sent.Max(open => Since(open.SentAt!.Value).TotalSeconds),
        };
    }

    private void Started(StartedMessage started)
    {
        if (started.Redelivered)
        {
            Metrics.Redelivered("slots");
        }

        if (_open.TryGetValue(started.Id, out var open))
        {
            open.MissingSince = null;
            open.ReplyTo.Tell(new JobStarted(started.Id));
        }
    }

    private void Refuse(string queue, Delivery delivery, JsonException exception)
    {
        WireLog.Unreadable(_context.Logger, queue, exception.Message.ReplaceLineEndings(" "));
        _ = delivery.RejectAsync();
    }

    private static void Acknowledge(IReadOnlyList<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            // Where that fails the session is over, and the broker delivers it again.
            _ = delivery.AckAsync();
        }
    }
}
