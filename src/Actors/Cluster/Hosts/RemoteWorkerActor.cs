using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// Stands for a worker of another process before the board: asks when the worker does, lays out the files of what it
/// is assigned, and passes job and answer on. It stops when the worker is lost, which the board sees.
/// </summary>
internal sealed class RemoteWorkerActor : ReceiveActor
{
    private readonly string _instance;
    private readonly LaidFiles _files;
    private readonly ResourceTable _resources;
    private readonly JobCancellations _cancellations;
    private readonly ClusterNode _node;
    private readonly IActorRef _gate;
    private readonly IActorRef _board;
    private AssignJob? _job;
    private DoJob? _sent;
    private WorkerAbilities? _abilities;

    public RemoteWorkerActor(
        string instance,
        LaidFiles files,
        ResourceTable resources,
        JobCancellations cancellations,
        ClusterNode node,
        IActorRef gate,
        IActorRef board
    )
    {
        (_instance, _files, _resources, _cancellations) = (instance, files, resources, cancellations);
        (_node, _gate, _board) = (node, gate, board);
        Receive<WireCame>(came => Heard(came.Message));
        Receive<AssignJob>(Assigned);
        Receive<ClaimsLaid>(Send);
        Receive<ClaimsRefused>(Refused);
        Receive<AssignmentCancelled>(Cancelled);
        Receive<ForgetRun>(forget => _node.Send(_gate, new RunEnded(_instance, forget.Run)));
    }

    private void Heard(IWireMessage message)
    {
        switch (message)
        {
            case WorkerReport report:
                Heard(report);
                break;
            case AnswerSent sent:
                _board.Tell(new JobAnswered(sent.Answer));
                Free(sent.Assignment, sent.IsFree);
                break;
            case JobReturned returned when returned.Assignment == _job?.Assignment:
                _board.Tell(new ReturnJob(_job.Job.Id));
                Free(returned.Assignment, asks: false);
                break;
            default:
                break;
        }
    }

    private void Heard(WorkerReport report)
    {
        _abilities = new WorkerAbilities(report.Device, report.MemoryBytes);
        if (report.State != WorkerState.Idle)
        {
            return;
        }

        if (_job is null)
        {
            Ask();
        }
        else if (_sent is { } sent && report.LastAssignment < sent.Assignment)
        {
            // On its way, or lost: a worker passes over the second of two.
            _node.Send(_gate, sent);
        }
    }

    private void Ask() => _board.Tell(RequestWork.Instance with { Abilities = _abilities });

    private void Free(long assignment, bool asks)
    {
        if (_job?.Assignment == assignment)
        {
            (_job, _sent) = (null, null);
        }

        if (asks && _job is null)
        {
            Ask();
        }
    }

    private void Assigned(AssignJob assigned)
    {
        _job = assigned;
        var (self, number) = (Self, assigned.Assignment);
        _cancellations
            .TokenOf(number)
            .Register(() => self.Tell(new AssignmentCancelled(number), ActorRefs.NoSender));
        _files
            .Of(assigned.Job.Id)
            .PipeTo(
                self,
                success: laid => new ClaimsLaid(number, laid),
                failure: exception => new ClaimsRefused(number, exception)
            );
    }

    private void Send(ClaimsLaid laid)
    {
        if (_job is not { } assigned || assigned.Assignment != laid.Assignment)
        {
            return;
        }

        var job = assigned.Job;
        if (_resources.Find(job.Id.Run)?.Probe.ElementType is not { } type)
        {
            Refused(new ClaimsRefused(laid.Assignment, new ClaimException("the run is over", isMissing: true)));
            return;
        }

        var message = new DoJob(
            _instance,
            assigned.Assignment,
            job.Id,
            job.Attempt,
            job.Settings,
            type,
            laid.Claims
        );
        var encoded = new EncodedMessage(message);
        if (!encoded.Fits)
        {
            Answer(
                new JobFailed(
                    job.Id,
                    JobFailureReason.InvalidCheckpoint,
                    $"its job takes {encoded.Bytes.Length} bytes where messages hold {WireFormat.MaximumBytes}: the "
                        + "run has too many files",
                    assigned.SpentSeconds,
                    job.Attempt
                )
            );
            return;
        }

        _sent = message;
        Context.Parent.Tell(new JobGiven(_gate.Path.Address, job.Id));
        _node.Send(_gate, encoded);
        if (_cancellations.TokenOf(assigned.Assignment).IsCancellationRequested)
        {
            _node.Send(_gate, new CancelAssignment(assigned.Assignment));
        }
    }

    private void Refused(ClaimsRefused refused)
    {
        if (_job is not { } assigned || assigned.Assignment != refused.Assignment)
        {
            return;
        }

        var id = assigned.Job.Id;
        string message = refused.Exception.Message.ReplaceLineEndings(" ");
        JobAnswer answer = refused.Exception switch
        {
            ClaimException { IsMissing: true } => new JobDropped(id, DropReason.Missing),
            BundleException => Failed(JobFailureReason.InvalidCheckpoint),
            _ => Failed(JobFailureReason.Crashed),
        };
        Answer(answer);

        JobFailed Failed(JobFailureReason reason) =>
            new(id, reason, message, assigned.SpentSeconds, assigned.Job.Attempt);
    }

    // The worker has heard nothing of the job, and is as free as it was.
    private void Answer(JobAnswer answer)
    {
        _board.Tell(new JobAnswered(answer));
        (_job, _sent) = (null, null);
        Ask();
    }

    private void Cancelled(AssignmentCancelled cancelled)
    {
        if (_sent?.Assignment == cancelled.Assignment)
        {
            _node.Send(_gate, new CancelAssignment(cancelled.Assignment));
        }
    }
}
