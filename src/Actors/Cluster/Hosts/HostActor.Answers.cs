using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <content>What comes back: reports of workers, answers, and the word of the journal.</content>
internal sealed partial class HostActor
{
    private readonly AnswerLedger _ledger = new();
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    private ClusterMetrics Metrics => _context.Metrics.Cluster;

    private void Heard(WireCame came)
    {
        if (!_workers.TryGetValue(came.Sender.Path.Address, out var worker))
        {
            // No member, or lost: it tells again once it is a member.
            return;
        }

        worker.LastSeen = _context.Time.GetUtcNow();
        switch (came.Message)
        {
            case WorkerReport { State: WorkerState.Stopped } last:
                worker.Report = last;
                Remove(came.Sender.Path.Address, signal: null);
                return;
            case WorkerReport report:
                _lost.Remove((report.Worker, report.Device));
                Note(worker, report);
                if (report.Instance is null)
                {
                    // The first was lost, or came before the worker knew of this host.
                    Welcome(worker.Gate);
                }

                break;
            case AnswerSent sent when !Accept(sent, worker):
                return;
            case AnswerSent { Assignment: > 0 } sent when worker.Report is { } before:
                var state = sent.IsFree ? WorkerState.Idle : before.State;
                Note(worker, WithoutJob(before) with { State = state, JobsDone = before.JobsDone + 1 });
                break;
            case JobReturned returned:
                HostLog.Returned(_logger, worker.Report?.Worker ?? "–", returned.Reason);
                if (worker.Report is { } busy)
                {
                    Note(worker, WithoutJob(busy));
                }

                break;
            default:
                break;
        }

        worker.Proxy.Tell(came);
    }

    // The worker is told of its job, and does not say so itself: that would be one message more a job.
    private void Given(JobGiven given)
    {
        if (_workers.TryGetValue(given.Worker, out var worker) && worker.Report is { } before)
        {
            Note(worker, WithoutJob(before) with { State = WorkerState.Busy, Job = given.Job });
        }
    }

    private void Note(RemoteWorker worker, WorkerReport report)
    {
        worker.Report = report;
        bool isBusy = report.State != WorkerState.Idle;
        Metrics.ReportWorker(report.Worker, report.Device, up: true, isBusy, worker.LastSeen);
    }

    private static WorkerReport WithoutJob(WorkerReport report) => report with { Job = null, SecondsLeft = null };

    /// <summary>Enters an answer in the books.</summary>
    /// <returns>Whether it is of this host, and the job's last word.</returns>
    private bool Accept(AnswerSent sent, RemoteWorker worker)
    {
        if (sent.Instance != _options.Instance)
        {
            return false;
        }

        var id = sent.Answer.Id;
        if (sent.Answer is JobFailed { Reason: JobFailureReason.TimedOut, Attempts: < Attempts })
        {
            // Its worker ends, and with the loss the job goes to another, as after a crash: it may be the machine's
            // fault. The last attempt's answer stands.
            Taken(worker.Gate, sent.Number);
            return false;
        }

        if (_ledger.IsTaken(sent.Number))
        {
            Taken(worker.Gate, sent.Number);
        }
        else if (_ledger.IsKnown(id, sent.Number, worker.Gate))
        {
            // The same once more: it is kept until the first is journalled.
        }
        else if (_open.TryGetValue(id, out var open) && !open.IsAnswered)
        {
            open.IsAnswered = true;
            _ledger.PassOn(id, sent.Number, worker.Gate);
        }
        else if (_ledger.IsPassedOn(id))
        {
            Duplicate(sent.Answer);
            _ledger.PassOn(id, sent.Number, worker.Gate);
        }
        else if (_settled.Contains(id.Run) || Since(_started) > _options.Timings.UnknownRun)
        {
            Duplicate(sent.Answer);
            _ledger.Take(sent.Number);
            Taken(worker.Gate, sent.Number);
        }
        else
        {
            // Its run may be one that this process has not read yet: the worker keeps it, and sends it again.
            HostLog.Unknown(_logger, id);
        }

        return true;
    }

    // An attempt that was cancelled since another had answered is no second answer.
    private void Duplicate(JobAnswer answer)
    {
        if (answer is Measured or JobFailed { Reason: not JobFailureReason.Cancelled })
        {
            _context.Metrics.DuplicateAnswer(answer.Id.Run, answer.Id.Analysis.Label());
        }
    }

    private void Answered(JobAnswer answer)
    {
        if (!_open.Remove(answer.Id, out var open))
        {
            return;
        }

        open.ReplyTo.Tell(answer);
        _files.Release(answer.Id);
        if (answer is JobDropped dropped)
        {
            if (dropped.Reason == DropReason.Poison)
            {
                HostLog.Poison(_logger, answer.Id, Attempts);
            }

            // What is dropped is in no journal as an answer.
            Take(answer.Id);
        }
    }

    private void Take(JobId job)
    {
        foreach (var (number, gate) in _ledger.Journalled(job))
        {
            Taken(gate, number);
        }
    }

    private void Welcome(IActorRef gate) => Node?.Send(gate, new WorkerWelcome(_options.Instance));

    private void Taken(IActorRef gate, Guid number) => Node?.Send(gate, new AnswerTaken(number));

    private void Forget(ForgetRun forget)
    {
        foreach (var id in _open.Keys.Where(id => id.Run == forget.Run).ToList())
        {
            _open.Remove(id);
        }

        // What was passed on last may still be on its way to the journal.
        Timers.StartSingleTimer(forget.Run, new RunLongOver(forget.Run), _options.Timings.Journal);
        _board.Tell(forget);
        _files.Forget(forget.Run);
    }

    private void LongOver(string run)
    {
        foreach (var job in _ledger.Of(run).Where(job => !_open.ContainsKey(job)))
        {
            Take(job);
        }
    }

    private void Sweep()
    {
        Metrics.ReportCertificate(_options.Node.Credentials.Current.ExpiresAt);
        if (Node is { IsOutdated: true } outdated)
        {
            HostLog.Renewed(_logger);
            outdated.Down();
        }

        Metrics.ReportAnswersKept(_workers.Values.Sum(worker => worker.Report?.AnswersKept ?? 0));
        foreach (var (worker, at) in _lost.Where(lost => Since(lost.Value) > _options.Timings.Grace).ToList())
        {
            _lost.Remove(worker);
            Metrics.RemoveWorker(worker.Worker, worker.Device);
        }

        LookForWorkers();
    }

    private void LookForWorkers()
    {
        bool isAnyThere = _workers.Values.Any(worker => worker.Abilities is not null);
        bool waits = false;
        foreach (var (id, open) in _open)
        {
            if (_workers.Values.Any(worker => worker.Abilities?.Meet(open.Needs) == true))
            {
                _toldOfNoWorker.Remove(id.Run);
            }
            else if (Since(open.Offered) <= _options.Timings.Sweep)
            {
                // One may be about to say what it can do.
            }
            else if (!isAnyThere)
            {
                waits = true;
            }
            else if (_toldOfNoWorker.Add(id.Run))
            {
                HostLog.NoWorker(_logger, id, open.Needs.DeviceKind, open.Needs.MemoryBytes);
            }
        }

        if (waits && !_toldOfNobody)
        {
            HostLog.NobodyThere(_logger, _open.Count);
        }

        _toldOfNobody = !isAnyThere && (waits || _toldOfNobody);
    }

    private HostStatus Status() =>
        new(
            _options.Instance,
            Node?.Self.ToString(),
            [
                .. _workers
                    .Values.Where(worker => worker.Report is not null)
                    .Select(worker => RemoteWorker.StatusOf(worker.Report!))
                    .OrderBy(worker => worker.Name, StringComparer.Ordinal),
            ],
            _open.Keys.Select(id => id.Run).Distinct(StringComparer.Ordinal).Count(),
            _open.Count,
            _open.Count == 0 ? null : _open.Values.Max(open => Since(open.Offered).TotalSeconds)
        );
}
