using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>What the result of an analysis sets of the series of its run. Each is shared by all runs.</summary>
internal abstract class Projection
{
    // A new projection needs no word here.
    private static readonly IReadOnlyList<Projection> All =
    [
        .. typeof(Projection)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Projection)) && !type.IsAbstract)
            .Select(type => (Projection)Activator.CreateInstance(type)!),
    ];

    /// <summary>Applies every projection.</summary>
    /// <param name="measured">The result.</param>
    /// <param name="run">The series.</param>
    public static void ApplyAll(CheckpointMeasured measured, RunSeries run)
    {
        foreach (var projection in All)
        {
            projection.Apply(measured, run);
        }
    }

    /// <summary>Sets what the result says; what it does not say stays as it was last measured.</summary>
    /// <param name="measured">The result.</param>
    /// <param name="run">The series.</param>
    protected abstract void Apply(CheckpointMeasured measured, RunSeries run);
}
