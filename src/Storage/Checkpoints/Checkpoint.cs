using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// A handle on the state of a run at one step: parameters, buffers and, where the optimiser has them, second moments,
/// in host memory. The state never changes once the checkpoint is made; handles share it, and its memory goes back to a
/// pool when the last handle is disposed. A handle belongs to one owner at a time; <see cref="Retain"/> makes another
/// for another owner, on any thread.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly CheckpointMemory _memory;
    private int _disposed;

    /// <summary>Takes over filled memory: parameters, then buffers, then second moments.</summary>
    internal Checkpoint(CheckpointInfo info, CheckpointLayout layout, CheckpointMemory memory, bool hasSecondMoments)
    {
        Info = info;
        Layout = layout;
        HasSecondMoments = hasSecondMoments;
        _memory = memory;
    }

    /// <summary>
    /// The number of checkpoints in memory in this process, each counted once however many handles it has.
    /// </summary>
    public static long LiveCount => CheckpointMemory.Live;

    /// <summary>The bytes that they hold.</summary>
    public static long LiveBytes => CheckpointMemory.LiveBytes;

    /// <summary>Run, step, time, loss and learning rate.</summary>
    public CheckpointInfo Info { get; }

    /// <summary>The run it belongs to.</summary>
    public string Run => Info.Run;

    /// <summary>The number of optimiser steps taken when it was emitted.</summary>
    public long Step => Info.Step;

    /// <summary>The names, shapes and places of its tensors.</summary>
    public CheckpointLayout Layout { get; }

    /// <summary>The type of its numbers.</summary>
    public ElementType ElementType => _memory.ElementType;

    /// <summary>Whether it holds Adam's second moments ν.</summary>
    public bool HasSecondMoments { get; }

    /// <summary>The bytes of host memory that it takes.</summary>
    public long ByteLength => _memory.ByteLength + (_memory.Discretes?.ByteLength ?? 0);

    /// <summary>The memory, for those who write checkpoints to files.</summary>
    internal CheckpointMemory Memory
    {
        get
        {
            ThrowIfDisposed();
            return _memory;
        }
    }

    /// <summary>Makes a float64 checkpoint of numbers in host memory, which are copied.</summary>
    /// <param name="info">Run, step and what else is known.</param>
    /// <param name="layout">The layout of the run's model.</param>
    /// <param name="parameters">θ, P numbers.</param>
    /// <param name="buffers">The model's floating-point buffers, empty for a model without any.</param>
    /// <param name="secondMoments">Adam's ν, P numbers, or empty.</param>
    /// <exception cref="ArgumentException">A span has not the length that the layout asks for.</exception>
    public static Checkpoint From(
        CheckpointInfo info,
        CheckpointLayout layout,
        ReadOnlySpan<double> parameters,
        ReadOnlySpan<double> buffers = default,
        ReadOnlySpan<double> secondMoments = default
    )
    {
        CheckpointMemory memory = Reserve(
            info,
            layout,
            ElementType.Float64,
            parameters.Length,
            buffers.Length,
            secondMoments.Length
        );
        Join(memory.Doubles.Span, parameters, buffers, secondMoments);
        return new Checkpoint(info, layout, memory, !secondMoments.IsEmpty);
    }

    /// <summary>Makes a float32 checkpoint of numbers in host memory, which are copied.</summary>
    /// <inheritdoc
    /// cref="From(CheckpointInfo, CheckpointLayout, ReadOnlySpan{double}, ReadOnlySpan{double}, ReadOnlySpan{double})"
    /// />
    public static Checkpoint From(
        CheckpointInfo info,
        CheckpointLayout layout,
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> buffers = default,
        ReadOnlySpan<float> secondMoments = default
    )
    {
        CheckpointMemory memory = Reserve(
            info,
            layout,
            ElementType.Float32,
            parameters.Length,
            buffers.Length,
            secondMoments.Length
        );
        Join(memory.Singles.Span, parameters, buffers, secondMoments);
        return new Checkpoint(info, layout, memory, !secondMoments.IsEmpty);
    }

    /// <summary>Another handle on the same state, for another owner; both must be disposed.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public Checkpoint Retain()
    {
        ThrowIfDisposed();
        _memory.Retain();
        return new Checkpoint(Info, Layout, _memory, HasSecondMoments);
    }

    /// <summary>The numbers of one part of a float32 checkpoint; they may be read while this handle lives.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint has no such part, or is float64.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public ReadOnlySpan<float> Singles(CheckpointPart part) => Of(Memory.Singles.Span, part);

    /// <summary>The numbers of one part of a float64 checkpoint; they may be read while this handle lives.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint has no such part, or is float32.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public ReadOnlySpan<double> Doubles(CheckpointPart part) => Of(Memory.Doubles.Span, part);

    /// <summary>
    /// The little-endian bytes of a buffer of whole numbers or truth values; they may be read while this handle lives.
    /// </summary>
    /// <param name="number">Its place among the layout's <see cref="CheckpointLayout.Discretes"/>.</param>
    /// <param name="values">Its bytes; empty where the checkpoint has it not, and the model's own values stand.</param>
    /// <returns>Whether the checkpoint has it.</returns>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public bool TryGetDiscrete(int number, out ReadOnlySpan<byte> values)
    {
        bool has = Memory.Discretes?.Has(number) == true;
        values = has ? _memory.Discretes!.Of(number).Span : [];
        return has;
    }

    /// <summary>The parameters as a new array of P numbers.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public double[] ParametersToArray() => ToArray(0, Layout.ParameterCount);

    /// <summary>The buffers as a new array.</summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public double[] BuffersToArray() => ToArray(Layout.ParameterCount, Layout.BufferCount);

    /// <summary>Adam's second moments as a new array of P numbers.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint has none.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public double[] SecondMomentsToArray()
    {
        RequireSecondMoments();
        return ToArray(Layout.ParameterCount + Layout.BufferCount, Layout.ParameterCount);
    }

    /// <summary>
    /// The first parameter or buffer with a number that is NaN or infinite; null where all are finite.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This handle is disposed.</exception>
    public string? FindNonFinite()
    {
        ThrowIfDisposed();
        int wrong =
            ElementType == ElementType.Float32
                ? FirstNonFinite<float>(_memory.Singles.Span[..(Layout.ParameterCount + Layout.BufferCount)])
                : FirstNonFinite<double>(_memory.Doubles.Span[..(Layout.ParameterCount + Layout.BufferCount)]);
        if (wrong < 0)
        {
            return null;
        }

        bool isParameter = wrong < Layout.ParameterCount;
        int place = isParameter ? wrong : wrong - Layout.ParameterCount;
        return (isParameter ? Layout.Parameters : Layout.Buffers).Last(slot => slot.Offset <= place).Name;
    }

    /// <summary>Lets go of the state; further uses of this handle throw, disposing it again does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _memory.Release();
        }
    }

    /// <summary>The numbers of a checkpoint of that layout.</summary>
    internal static long Length(CheckpointLayout layout, bool hasSecondMoments) =>
        ((hasSecondMoments ? 2L : 1L) * layout.ParameterCount) + layout.BufferCount;

    private static CheckpointMemory Reserve(
        CheckpointInfo info,
        CheckpointLayout layout,
        ElementType type,
        int parameters,
        int buffers,
        int secondMoments
    )
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(layout);
        layout.RequireLengths(parameters, buffers, secondMoments == 0 ? null : secondMoments);
        return CheckpointMemory.Rent(type, Length(layout, secondMoments != 0));
    }

    private static void Join<T>(
        Span<T> destination,
        ReadOnlySpan<T> parameters,
        ReadOnlySpan<T> buffers,
        ReadOnlySpan<T> secondMoments
    )
    {
        parameters.CopyTo(destination);
        buffers.CopyTo(destination[parameters.Length..]);
        secondMoments.CopyTo(destination[(parameters.Length + buffers.Length)..]);
    }

    private static int FirstNonFinite<T>(ReadOnlySpan<T> values)
        where T : struct, System.Numerics.IFloatingPoint<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private Span<T> Of<T>(Span<T> numbers, CheckpointPart part)
    {
        if (part == CheckpointPart.SecondMoments)
        {
            RequireSecondMoments();
        }

        return numbers[Layout.Place(part)];
    }

    private double[] ToArray(int offset, int length)
    {
        ThrowIfDisposed();
        if (ElementType == ElementType.Float64)
        {
            return _memory.Doubles.Span.Slice(offset, length).ToArray();
        }

        var result = new double[length];
        ReadOnlySpan<float> source = _memory.Singles.Span.Slice(offset, length);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = source[i];
        }

        return result;
    }

    private void RequireSecondMoments()
    {
        if (!HasSecondMoments)
        {
            throw new InvalidOperationException($"the checkpoint of step {Step} has no second moments");
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
