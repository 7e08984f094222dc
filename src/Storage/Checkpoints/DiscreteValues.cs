using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// The bytes of a checkpoint's buffers of whole numbers or truth values. They are few in general, so that they come
/// from no pool.
/// </summary>
internal sealed class DiscreteValues
{
    private readonly IReadOnlyList<DiscreteSlot> _slots;
    private readonly byte[] _bytes;
    private readonly bool[] _isPresent;

    /// <summary>Makes room for those of a layout; none is present yet.</summary>
    /// <param name="layout">The layout.</param>
    public DiscreteValues(CheckpointLayout layout)
    {
        _slots = layout.Discretes;
        _bytes = new byte[layout.DiscreteByteCount];
        _isPresent = new bool[_slots.Count];
    }

    /// <summary>The bytes of memory that they take.</summary>
    public long ByteLength => _bytes.Length;

    /// <summary>Whether a buffer was given.</summary>
    public bool Has(int number) => _isPresent[number];

    /// <summary>The bytes of a buffer.</summary>
    public ReadOnlyMemory<byte> Of(int number) => Place(number);

    /// <summary>The room of a buffer, which counts as given from now on.</summary>
    public Span<byte> Fill(int number)
    {
        _isPresent[number] = true;
        return Place(number).Span;
    }

    private Memory<byte> Place(int number) =>
        _bytes.AsMemory((int)_slots[number].Offset, (int)_slots[number].ByteLength);
}
