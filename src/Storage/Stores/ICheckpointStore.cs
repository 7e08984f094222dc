using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Stores;

/// <summary>
/// Checkpoints by run and step. Where a retention is set, the store keeps the checkpoints with the highest steps of
/// each run and removes the others. All members may be called from several threads at once.
/// </summary>
[SuppressMessage(
    "Naming",
    "CA1716:Identifiers should not match keywords",
    Justification = "A step is a step; no one implements this in Visual Basic."
)]
public interface ICheckpointStore : IDisposable
{
    /// <summary>The runs that have checkpoints, by name.</summary>
    /// <exception cref="BundleException">The store cannot be read.</exception>
    IReadOnlyList<string> Runs { get; }

    /// <summary>
    /// Stores a checkpoint; one of the same run and step is replaced. The caller keeps its own handle, and disposes it.
    /// </summary>
    /// <exception cref="BundleException">The checkpoint cannot be written.</exception>
    void Put(Checkpoint checkpoint);

    /// <summary>Looks a checkpoint up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step.</param>
    /// <param name="checkpoint">A handle of the caller's own, to be disposed; null where there is no such
    /// checkpoint.</param>
    /// <exception cref="BundleException">The checkpoint is there but cannot be read.</exception>
    bool TryGet(string run, long step, [NotNullWhen(true)] out Checkpoint? checkpoint);

    /// <summary>Looks the checkpoint with the highest step of a run up.</summary>
    /// <inheritdoc cref="TryGet"/>
    bool TryGetLatest(string run, [NotNullWhen(true)] out Checkpoint? checkpoint);

    /// <summary>The steps that a run has checkpoints of, ascending; empty for an unknown run.</summary>
    /// <exception cref="BundleException">The store cannot be read.</exception>
    IReadOnlyList<long> Steps(string run);

    /// <summary>Removes a checkpoint; handles already given out keep it alive.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="BundleException">It cannot be removed.</exception>
    bool Remove(string run, long step);
}
