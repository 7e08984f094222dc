using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// A checkpoint in the making: memory from the pool, whose parts are filled before it becomes immutable. Memory of a
/// draft that is not completed goes back to the pool when it is disposed.
/// </summary>
public sealed class CheckpointDraft : IDisposable
{
    private readonly CheckpointLayout _layout;
    private readonly bool _hasSecondMoments;
    private CheckpointMemory? _memory;

    /// <summary>Takes memory from the pool.</summary>
    /// <param name="layout">The layout of the run's model.</param>
    /// <param name="type">The type of the numbers.</param>
    /// <param name="hasSecondMoments">Whether there is room for Adam's second moments.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layout has more numbers than an array can hold.</exception>
    public CheckpointDraft(CheckpointLayout layout, ElementType type, bool hasSecondMoments)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _hasSecondMoments = hasSecondMoments;
        _memory = CheckpointMemory.Rent(type, Checkpoint.Length(layout, hasSecondMoments));
    }

    private CheckpointMemory Memory => _memory ?? throw new ObjectDisposedException(nameof(CheckpointDraft));

    /// <summary>The room for one part of a float32 checkpoint.</summary>
    public Span<float> Singles(CheckpointPart part) => Memory.Singles.Span[_layout.Place(part)];

    /// <summary>The room for one part of a float64 checkpoint.</summary>
    public Span<double> Doubles(CheckpointPart part) => Memory.Doubles.Span[_layout.Place(part)];

    /// <summary>The room for a buffer of whole numbers or truth values, which the checkpoint then has.</summary>
    /// <param name="number">Its place among the layout's <see cref="CheckpointLayout.Discretes"/>.</param>
    public Span<byte> Discrete(int number) => (Memory.Discretes ??= new DiscreteValues(_layout)).Fill(number);

    /// <summary>Makes the checkpoint, which takes over the memory.</summary>
    /// <param name="info">Run, step and what else is known.</param>
    /// <returns>A handle, which the caller disposes.</returns>
    public Checkpoint Complete(CheckpointInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var checkpoint = new Checkpoint(info, _layout, Memory, _hasSecondMoments);
        _memory = null;
        return checkpoint;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory?.Release();
        _memory = null;
    }
}
