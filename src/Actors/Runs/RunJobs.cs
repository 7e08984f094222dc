using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// The jobs of a run that are not answered: held back by the overhead budget, one an analysis, or offered. What is held
/// is replaced here; what is offered is replaced by the dispatcher, which alone knows whether it has begun.
/// </summary>
/// <param name="overhead">The cost of measuring, and the budget.</param>
internal sealed class RunJobs(OverheadMeter overhead)
{
    private readonly Dictionary<AnalysisKind, OpenJob> _held = [];
    private readonly Dictionary<JobId, OpenJob> _offered = [];
    private readonly Dictionary<AnalysisKind, long> _lastOffer = [];
    private long _offers;

    /// <summary>Whether every job is answered.</summary>
    public bool IsEmpty => _held.Count == 0 && _offered.Count == 0;

    /// <summary>
    /// How long until the budget allows another job; null where none is held, or an answer comes before.
    /// </summary>
    public TimeSpan? Wait => _held.Count > 0 && _offered.Count == 0 ? _held.Keys.Min(overhead.UntilRoomFor) : null;

    /// <summary>Whether a job of the checkpoint is not answered.</summary>
    public bool Needs(long step) =>
        _held.Values.Any(job => job.Id.Step == step) || _offered.Keys.Any(id => id.Step == step);

    /// <summary>Holds a job back until it is offered.</summary>
    /// <returns>The older job of its analysis that it replaces; null where none was held.</returns>
    public OpenJob? Hold(OpenJob job)
    {
        _held.Remove(job.Id.Analysis, out var older);
        _held.Add(job.Id.Analysis, job);
        return older;
    }

    /// <summary>
    /// Offers what may be offered of what is held, the analysis first that was offered longest ago. Under a budget jobs
    /// go one by one, since the cost of one decides on the next.
    /// </summary>
    /// <param name="unlimited">Whether the budget does not hold for any.</param>
    public IReadOnlyList<OpenJob> Offer(bool unlimited)
    {
        var offered = new List<OpenJob>();
        foreach (var job in _held.Values.OrderBy(job => _lastOffer.GetValueOrDefault(job.Id.Analysis)).ToList())
        {
            if (
                unlimited
                || !overhead.Limited
                || job.Final
                || (_offered.Count == 0 && overhead.HasRoomFor(job.Id.Analysis))
            )
            {
                _held.Remove(job.Id.Analysis);
                Offer(job);
                offered.Add(job);
            }
        }

        return offered;
    }

    /// <summary>Counts a job as offered, whatever it costs.</summary>
    public void Offer(OpenJob job)
    {
        _offered.Add(job.Id, job);
        _lastOffer[job.Id.Analysis] = ++_offers;
    }

    /// <summary>An offered job is answered.</summary>
    /// <param name="id">The job.</param>
    /// <param name="seconds">Its cost.</param>
    /// <returns>The job; null where it is answered already.</returns>
    public OpenJob? Close(JobId id, double seconds)
    {
        if (_offered.Remove(id, out var job))
        {
            overhead.Add(id.Analysis, seconds);
        }

        return job;
    }

    /// <summary>Takes back every job that is held.</summary>
    public IReadOnlyList<OpenJob> TakeHeld()
    {
        List<OpenJob> taken = [.. _held.Values];
        _held.Clear();
        return taken;
    }

    /// <summary>Forgets every job of a step and of those after it.</summary>
    public void Abandon(long step)
    {
        foreach (var job in _held.Values.Where(job => job.Id.Step >= step).ToList())
        {
            _held.Remove(job.Id.Analysis);
        }

        foreach (var id in _offered.Keys.Where(id => id.Step >= step).ToList())
        {
            _offered.Remove(id);
        }
    }

    /// <summary>Gives up every job that was offered.</summary>
    public IReadOnlyList<OpenJob> TakeOffered()
    {
        List<OpenJob> taken = [.. _offered.Values];
        _offered.Clear();
        return taken;
    }
}
