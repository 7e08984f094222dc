using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>
/// A run that is trained elsewhere: its model and probe set come in a bundle, its checkpoints one by one.
/// </summary>
public sealed record IntakeRequest : MonitoringRequest
{
    /// <summary>Model, probe set and the place of the checkpoints.</summary>
    public required RunBundle Bundle { get; init; }

    /// <summary>Where to measure.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The element type to compute in; null for that of the probe set's inputs.</summary>
    public ElementType? ElementType { get; init; }

    /// <summary>
    /// What another process found in the bundle, where this one must not run its model; the bundle is opened here where
    /// null.
    /// </summary>
    public BundleDescription? Description { get; init; }

    /// <summary>
    /// Whether every checkpoint is measured, the oldest first, each after the one before it: for runs that are over and
    /// wait for nobody. Otherwise the latest wins.
    /// </summary>
    public bool MeasureAll { get; init; }

    /// <summary>
    /// For how long nothing may come from the trainer before the run counts as stale, where its own pace does not
    /// explain a longer silence; null where it never does.
    /// </summary>
    public TimeSpan? StaleAfter { get; init; }

    /// <summary>
    /// What was told of the run before, oldest first: it is told again, counted, and gone on from. Checkpoints that
    /// were taken are not taken twice; those that were still open are taken up again. Enumerated once.
    /// </summary>
    public IEnumerable<MonitorEvent> History { get; init; } = [];
}
