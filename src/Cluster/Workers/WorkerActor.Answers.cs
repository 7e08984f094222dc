using System.Text.Json;
using Akka.Actor;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Transfer;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Workers;

/// <content>The end of a job, what is heard meanwhile, and the worker's own end.</content>
internal sealed partial class WorkerActor
{
    // No queue takes the result: the host has not declared its own yet on a broker that is new, or is gone for good.
    private const int ReturnsAllowed = 10;

    private void Fail(FilesFailed failed)
    {
        if (!ReferenceEquals(failed.Job, _job))
        {
            return;
        }

        var id = failed.Job.Message.Id;
        if (failed.Exception is ClaimException { IsHostAway: true } away)
        {
            WorkerLog.LeftToHost(_logger, id, away.Message);
            Leave(failed.Job);
            return;
        }

        JobAnswer answer = failed.Exception switch
        {
            ClaimException { IsMissing: true } => new JobDropped(id, DropReason.Missing),
            OperationCanceledException => Failed(JobFailureReason.Cancelled, "cancelled"),
            _ => Failed(
                FailureClassifier.ReasonOf(failed.Exception) ?? JobFailureReason.Crashed,
                failed.Exception.Message
            ),
        };
        Finish(id, answer);

        JobFailed Failed(JobFailureReason reason, string message) =>
            new(
                id,
                reason,
                message.ReplaceLineEndings(" "),
                _time.GetElapsedTime(failed.Job.Started).TotalSeconds,
                failed.Job.Message.Attempt
            );
    }

    // Its host offers it again when it is back, and has seen that nobody has it: no word of it is better than a failure
    // that is nobody's.
    private void Leave(WorkerJob job)
    {
        if (job.TryAnswer())
        {
            _deadline?.Dispose();
            _ = job.AcknowledgeAsync();
            Done(job);
        }
    }

    private void Finish(JobId id, JobAnswer answer)
    {
        if (_job is not { Result: null } job || job.Message.Id != id || !job.TryAnswer())
        {
            return;
        }

        _deadline?.Dispose();
        Release(job);
        if (_givingUp && answer is JobFailed { Reason: JobFailureReason.Cancelled })
        {
            // Not given up by its host: another worker does it.
            _ = ReturnAsync(job);
            _job = null;
            EndIfStopping();
            return;
        }

        job.Result = WireJson.Write(ResultMessage.Of(_options.Name, answer));
        if (answer is not JobFailed { Reason: JobFailureReason.Cancelled })
        {
            _results.Add(job.Message, job.Result);
        }

        Send();
    }

    private void Release(WorkerJob job)
    {
        if (job.Resources is { } resources)
        {
            _resources.Close(resources);
            job.Resources = null;
        }
    }

    private static async Task ReturnAsync(WorkerJob job)
    {
        await job.Slot.ReturnAsync().ConfigureAwait(false);
        await job.Ticket.ReturnAsync().ConfigureAwait(false);
    }

    private void Send()
    {
        if (_job is not { Result: { } result } job || !_ready || _session is not { } session)
        {
            return;
        }

        SendAsync().PipeTo(Self, failure: exception => new ResultNotSent(job, session, exception));

        async Task<object> SendAsync()
        {
            await session
                .PublishAsync(
                    _names.ResultsExchange,
                    job.Message.Instance,
                    result,
                    Guid.NewGuid(),
                    _options.Timings.Publish
                )
                .ConfigureAwait(false);
            await job.AcknowledgeAsync().ConfigureAwait(false);
            return new ResultSent(job);
        }
    }

    private void NotSent(ResultNotSent failed)
    {
        if (!ReferenceEquals(failed.Job, _job))
        {
            return;
        }

        WorkerLog.ResultNotSent(_logger, failed.Job.Message.Id, failed.Exception.Message.ReplaceLineEndings(" "));
        if (failed.Exception is PublishException { IsReturn: true } && ++failed.Job.Returned > ReturnsAllowed)
        {
            _ = failed.Job.AcknowledgeAsync();
            Done(failed.Job);
        }
        else if (ReferenceEquals(failed.Session, _session))
        {
            // Otherwise it is sent when there is a session again.
            Timers.StartSingleTimer(SendDue.Instance, SendDue.Instance, _options.Timings.Pause);
        }
    }

    private void Done(WorkerJob job)
    {
        if (!ReferenceEquals(job, _job))
        {
            return;
        }

        job.Cancellation.Dispose();
        _job = null;
        _jobsDone++;
        TellStatus();
        Consume();
        EndIfStopping();
    }

    private void Hear(Delivery delivery)
    {
        if (delivery.RoutingKey == BrokerNames.PingKey)
        {
            TellStatus();
            return;
        }

        try
        {
            var message = WireJson.Read<RunMessage>(delivery.Body);
            if (delivery.RoutingKey.StartsWith("cancel.", StringComparison.Ordinal))
            {
                if (_job?.Message is { } job && job.Instance == message.Instance && job.Id.Run == message.Run)
                {
                    CancelJob(_job);
                }
            }
            else
            {
                Forget(message.Instance, message.Run);
            }
        }
        catch (JsonException exception)
        {
            WireLog.Unreadable(_logger, "events", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private void CancelJob(WorkerJob job)
    {
        if (job.Result is null)
        {
            job.Cancellation.Cancel();
            _board.Tell(new CancelJobs(job.Message.Id.Run));
        }
    }

    private void Forget(string instance, string run)
    {
        if (_runs.Forget(instance, run))
        {
            LetGo(run);
        }
    }

    private void LetGo(string run)
    {
        _board.Tell(new ForgetRun(run));
        _cache.Forget(run);
    }

    private void Stop()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        TellStatus();
        if (_consuming is { } session)
        {
            _ = session
                .StopConsumingAsync(Tickets, CancellationToken.None)
                .ContinueWith(
                    failed => failed.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
        }

        EndIfStopping();
    }

    private void GiveUp()
    {
        Stop();
        _givingUp = true;
        if (_job is { } job)
        {
            CancelJob(job);
        }
    }

    private void EndIfStopping()
    {
        if (!_stopping || _leaving || _job is not null || _ticket is not null)
        {
            return;
        }

        var self = Self;
        _leaving = true;
        if (_ready && _session is { } session)
        {
            Tell(session, BrokerNames.WorkerKey(_options.Name), WireJson.Write(StatusOf(WorkerState.Stopped)));
        }

        _ = _told.ContinueWith(_ => self.Tell(PoisonPill.Instance, ActorRefs.NoSender), TaskScheduler.Default);
    }
}
