using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>What a run's actor has to do after a command: publish events, then offer jobs.</summary>
/// <param name="Events">The events, in their order.</param>
/// <param name="Offers">The jobs.</param>
internal sealed record RunEffects(IReadOnlyList<MonitorEvent> Events, IReadOnlyList<JobId> Offers)
{
    /// <summary>Events alone.</summary>
    public static RunEffects Of(params IEnumerable<MonitorEvent> events) => new([.. events], []);

    /// <summary>These, then those.</summary>
    public RunEffects Then(RunEffects next) => new([.. Events, .. next.Events], [.. Offers, .. next.Offers]);
}
