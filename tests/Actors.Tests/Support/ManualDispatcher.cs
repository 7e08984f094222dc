using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>A dispatcher that does nothing by itself: the test answers.</summary>
internal sealed class ManualDispatcher : IJobDispatcher
{
    private readonly Lock _gate = new();
    private readonly List<(AnalyseCheckpoint Job, IActorRef ReplyTo)> _offers = [];
    private readonly List<string> _calls = [];

    public bool KeepsJobs { get; init; }

    public IReadOnlyList<AnalyseCheckpoint> Offered
    {
        get
        {
            lock (_gate)
            {
                return [.. _offers.Select(offer => offer.Job)];
            }
        }
    }

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public void Answer(Func<JobId, JobAnswer> answer, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        lock (_gate)
        {
            var (job, replyTo) = _offers.Single(offer => offer.Job.Id.Step == step && offer.Job.Id.Analysis == kind);
            replyTo.Tell(answer(job.Id), ActorRefs.NoSender);
        }
    }

    public void Offer(AnalyseCheckpoint job, IActorRef replyTo)
    {
        lock (_gate)
        {
            _offers.Add((job, replyTo));
        }
    }

    public void Withdraw(string run) => Note("withdraw " + run);

    public void Cancel(string run) => Note("cancel " + run);

    public void Forget(string run) => Note("forget " + run);

    public void Settled(string run) => Note("settled " + run);

    private void Note(string call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }
}
