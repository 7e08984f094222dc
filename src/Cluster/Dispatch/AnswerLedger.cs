using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>
/// Results that were passed on and are not journalled yet: the broker keeps each until it is. And answers that came for
/// jobs nobody has offered here: of an earlier process, perhaps.
/// </summary>
internal sealed class AnswerLedger
{
    private readonly Dictionary<JobId, List<Delivery>> _passedOn = [];
    private readonly Dictionary<JobId, List<HeldAnswer>> _held = [];

    /// <summary>Messages that the broker keeps for this.</summary>
    public int Unacked => _passedOn.Values.Sum(list => list.Count) + _held.Values.Sum(list => list.Count);

    /// <summary>Whether a job was answered, and the answer is not journalled yet.</summary>
    public bool IsPassedOn(JobId job) => _passedOn.ContainsKey(job);

    /// <summary>An answer was passed on, or a copy of it came.</summary>
    public void PassOn(JobId job, Delivery delivery)
    {
        if (!_passedOn.TryGetValue(job, out var list))
        {
            _passedOn.Add(job, list = []);
        }

        list.Add(delivery);
    }

    /// <summary>A job's answer is journalled.</summary>
    /// <returns>What the broker need not keep any more.</returns>
    public IReadOnlyList<Delivery> Journalled(JobId job) => _passedOn.Remove(job, out var list) ? list : [];

    /// <summary>Keeps an answer that nobody waits for yet.</summary>
    public void Hold(JobId job, HeldAnswer answer)
    {
        if (!_held.TryGetValue(job, out var list))
        {
            _held.Add(job, list = []);
        }

        list.Add(answer);
    }

    /// <summary>Takes the answers kept for a job, those that say most first.</summary>
    public IReadOnlyList<HeldAnswer> Claim(JobId job) =>
        _held.Remove(job, out var list) ? [.. list.OrderBy(held => held.Answer is JobDropped)] : [];

    /// <summary>Takes what is kept for jobs that nobody will ask for.</summary>
    public IReadOnlyList<(JobId Job, HeldAnswer Answer)> Release(Func<JobId, HeldAnswer, bool> unwanted)
    {
        var released = _held
            .SelectMany(pair => pair.Value.Where(held => unwanted(pair.Key, held)).Select(held => (pair.Key, held)))
            .ToList();
        foreach (var (job, held) in released)
        {
            _held[job].Remove(held);
            if (_held[job].Count == 0)
            {
                _held.Remove(job);
            }
        }

        return released;
    }

    /// <summary>A run is over: nothing of it will be journalled.</summary>
    public IReadOnlyList<Delivery> Forget(string run)
    {
        var passedOn = _passedOn.Keys.Where(job => job.Run == run).ToList();
        return [.. passedOn.SelectMany(Journalled)];
    }

    /// <summary>The session is over: the broker delivers all of it again.</summary>
    public void SessionLost()
    {
        _held.Clear();
        foreach (var list in _passedOn.Values)
        {
            list.Clear();
        }
    }
}
