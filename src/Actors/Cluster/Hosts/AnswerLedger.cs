using Akka.Actor;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>
/// Answers that were passed on and are not journalled yet: their workers keep each until it is. Those that were taken
/// lately are remembered, since the word of it may be lost and the answer come again.
/// </summary>
internal sealed class AnswerLedger
{
    private const int TakenKept = 1024;

    private readonly Dictionary<JobId, Dictionary<Guid, IActorRef>> _passedOn = [];
    private readonly HashSet<Guid> _taken = [];
    private readonly Queue<Guid> _takenOrder = new();

    /// <summary>Answers that workers keep for this.</summary>
    public int Count => _passedOn.Values.Sum(answers => answers.Count);

    /// <summary>Whether a job was answered, and the answer is not journalled yet.</summary>
    public bool IsPassedOn(JobId job) => _passedOn.ContainsKey(job);

    /// <summary>Whether an answer has been seen and is not journalled; from now on another worker keeps it.</summary>
    public bool IsKnown(JobId job, Guid answer, IActorRef worker)
    {
        if (!_passedOn.TryGetValue(job, out var answers) || !answers.ContainsKey(answer))
        {
            return false;
        }

        answers[answer] = worker;
        return true;
    }

    /// <summary>Whether an answer was taken lately.</summary>
    public bool IsTaken(Guid answer) => _taken.Contains(answer);

    /// <summary>An answer, or a second one of its job, is kept by a worker until the first is journalled.</summary>
    public void PassOn(JobId job, Guid answer, IActorRef worker)
    {
        if (!_passedOn.TryGetValue(job, out var answers))
        {
            _passedOn.Add(job, answers = []);
        }

        answers[answer] = worker;
    }

    /// <summary>A job's answer is journalled, or will not be.</summary>
    /// <returns>What its workers need not keep any more.</returns>
    public IReadOnlyCollection<KeyValuePair<Guid, IActorRef>> Journalled(JobId job)
    {
        if (!_passedOn.Remove(job, out var answers))
        {
            return [];
        }

        foreach (var answer in answers.Keys)
        {
            Take(answer);
        }

        return answers;
    }

    /// <summary>An answer is of no use: its worker need not keep it.</summary>
    public void Take(Guid answer)
    {
        if (_taken.Add(answer))
        {
            _takenOrder.Enqueue(answer);
            if (_takenOrder.Count > TakenKept)
            {
                _taken.Remove(_takenOrder.Dequeue());
            }
        }
    }

    /// <summary>The jobs of a run whose answers are not journalled.</summary>
    public IReadOnlyList<JobId> Of(string run) => [.. _passedOn.Keys.Where(job => job.Run == run)];
}
