using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <content>One job, from its assignment to its answer.</content>
internal sealed partial class WorkerNodeActor
{
    private void Take(DoJob message, KnownHost host)
    {
        if (message.Assignment <= host.LastAssignment)
        {
            // Sent twice.
            return;
        }

        (host.LastAssignment, host.Instance) = (message.Assignment, message.Instance);
        if (_stopping || _job is not null)
        {
            string reason = _stopping ? "it stops" : "another host was quicker";
            _node?.Send(host.Gate, new JobReturned(message.Assignment, reason));
            return;
        }

        if (_spool.Find(message) is { } known)
        {
            _node?.Send(host.Gate, known with { Assignment = message.Assignment, IsFree = true });
            return;
        }

        Begin(new WorkerJob(message, host.Gate, _time.GetTimestamp()));
    }

    private void Begin(WorkerJob job)
    {
        _job = job;
        _deadline = new JobDeadline(
            _options,
            job,
            answer => _spool.WhenTaken(Send(job, answer, isFree: false)),
            _time,
            _logger
        );
        TellOthers(job.Host);
        if (_runs.Use(job.Message.Instance, job.Message.Id.Run) is { } surplus)
        {
            LetGo(surplus);
        }

        _files.FetchAsync(job).PipeTo(Self, failure: exception => new FilesFailed(job, exception));
    }

    private void Compute(FilesCame came)
    {
        var job = came.Job;
        if (!ReferenceEquals(job, _job))
        {
            came.Checkpoint.Dispose();
            return;
        }

        var message = job.Message;
        job.Resources = _resources.Open(message.Id.Run, came.Probe);
        job.Resources.Keep(message.Id.Step, came.Checkpoint);
        _board.Tell(
            new OfferJob(new AnalyseCheckpoint(message.Id, message.Settings.Within(_memory), message.Attempt), Self)
        );
        if (job.Cancellation.IsCancellationRequested)
        {
            _board.Tell(new CancelJobs(message.Id.Run));
        }
    }

    private void Fail(FilesFailed failed)
    {
        if (!ReferenceEquals(failed.Job, _job))
        {
            return;
        }

        var id = failed.Job.Message.Id;
        if (failed.Exception is ClaimException { IsHostAway: true } away)
        {
            WorkerNodeLog.LeftToHost(_logger, id, away.Message);
            GiveBack(failed.Job, away.Message);
            return;
        }

        Finish(
            failed.Exception switch
            {
                ClaimException { IsMissing: true } => new JobDropped(id, DropReason.Missing),
                OperationCanceledException => Failed(JobFailureReason.Cancelled, "cancelled"),
                _ => Failed(
                    FailureClassifier.ReasonOf(failed.Exception) ?? JobFailureReason.Crashed,
                    failed.Exception.Message
                ),
            }
        );

        JobFailed Failed(JobFailureReason reason, string message) =>
            new(
                id,
                reason,
                message.ReplaceLineEndings(" "),
                _time.GetElapsedTime(failed.Job.Started).TotalSeconds,
                failed.Job.Message.Attempt
            );
    }

    private void Finish(JobAnswer answer)
    {
        if (_job is not { } job || job.Message.Id != answer.Id || !job.TryAnswer())
        {
            return;
        }

        Release(job);
        if (_givingUp && answer is JobFailed { Reason: JobFailureReason.Cancelled })
        {
            // Not given up by its host: another worker does it.
            Return(job, "it stops");
            return;
        }

        // In the books before the answer is: whoever gets it may give the next job at once.
        Done(job);
        Send(job, answer, isFree: !_stopping);
        EndIfDone();
    }

    /// <summary>Keeps an answer and sends it. May be called from any thread.</summary>
    /// <returns>Its number.</returns>
    private Guid Send(WorkerJob job, JobAnswer answer, bool isFree)
    {
        var message = job.Message;
        var sent = new AnswerSent(
            Guid.NewGuid(),
            message.Instance,
            message.Assignment,
            _options.Name,
            answer,
            isFree
        );
        var encoded = new EncodedMessage(sent);
        if (!encoded.Fits)
        {
            sent = sent with
            {
                Answer = new JobFailed(
                    answer.Id,
                    JobFailureReason.Crashed,
                    $"the measurement takes {encoded.Bytes.Length} bytes where messages hold "
                        + $"{WireFormat.MaximumBytes}: ask for fewer eigenvalues or Lanczos steps",
                    _time.GetElapsedTime(job.Started).TotalSeconds,
                    message.Attempt
                ),
            };
            encoded = new EncodedMessage(sent);
        }

        // Before it is on disk: should the process end in between, the answer has arrived or the job is done again.
        _node?.Send(job.Host, encoded);
        _spool.Keep(new KeptAnswer(sent, KeptAnswer.FilesOf(message)), encoded.Bytes);
        return sent.Number;
    }

    private void GiveBack(WorkerJob job, string reason)
    {
        if (job.TryAnswer())
        {
            Return(job, reason);
        }
    }

    private void Return(WorkerJob job, string reason)
    {
        Done(job);
        _node?.Send(job.Host, new JobReturned(job.Message.Assignment, reason));
        EndIfDone();
    }

    private void Done(WorkerJob job)
    {
        _deadline?.Dispose();
        job.Cancellation.Dispose();
        _job = null;
        _jobsDone++;
        TellOthers(job.Host);
    }

    // The host that gives a job knows of it, and learns of its end by the answer.
    private void TellOthers(IActorRef giver)
    {
        foreach (var host in _hosts.Values.Where(host => !host.Gate.Equals(giver)))
        {
            Tell(host);
        }
    }

    private void CancelJob(WorkerJob job)
    {
        job.Cancellation.Cancel();
        _board.Tell(new CancelJobs(job.Message.Id.Run));
    }

    private void Release(WorkerJob job)
    {
        if (job.Resources is { } resources)
        {
            _resources.Close(resources);
            job.Resources = null;
        }
    }

    private void LetGo(string run)
    {
        _board.Tell(new ForgetRun(run));
        _cache.Forget(run);
    }
}
