using System.Buffers;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// Pooled host memory behind a checkpoint, shared by its handles: it goes back to the pool when the last of them lets
/// go. Written once, before a second handle exists; read-only from then on.
/// </summary>
internal sealed class CheckpointMemory
{
    private static long _live;
    private static long _liveBytes;

    private readonly int _length;
    private float[]? _singles;
    private double[]? _doubles;
    private DiscreteValues? _discretes;
    private int _references = 1;

    private CheckpointMemory(ElementType type, int length)
    {
        _length = length;
        ElementType = type;
        if (type == ElementType.Float32)
        {
            _singles = ArrayPool<float>.Shared.Rent(length);
        }
        else
        {
            _doubles = ArrayPool<double>.Shared.Rent(length);
        }

        Interlocked.Increment(ref _live);
        Interlocked.Add(ref _liveBytes, ByteLength);
    }

    /// <summary>Checkpoints in memory now.</summary>
    public static long Live => Interlocked.Read(ref _live);

    /// <summary>Their bytes.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    public ElementType ElementType { get; }

    public long ByteLength => _length * (long)(ElementType == ElementType.Float32 ? sizeof(float) : sizeof(double));

    /// <summary>The buffers of whole numbers or truth values; null where none was given.</summary>
    public DiscreteValues? Discretes
    {
        get => Volatile.Read(ref _references) > 0 ? _discretes : throw Gone();
        set
        {
            Interlocked.Add(ref _liveBytes, (value?.ByteLength ?? 0) - (_discretes?.ByteLength ?? 0));
            _discretes = value;
        }
    }

    public Memory<float> Singles => (_singles ?? throw Gone()).AsMemory(0, _length);

    public Memory<double> Doubles => (_doubles ?? throw Gone()).AsMemory(0, _length);

    public static CheckpointMemory Rent(ElementType type, long length)
    {
        if (length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "a checkpoint cannot hold so many numbers");
        }

        return new CheckpointMemory(type, (int)length);
    }

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) > 0)
        {
            return;
        }

        if (_singles is { } singles)
        {
            _singles = null;
            ArrayPool<float>.Shared.Return(singles);
        }

        if (_doubles is { } doubles)
        {
            _doubles = null;
            ArrayPool<double>.Shared.Return(doubles);
        }

        Interlocked.Decrement(ref _live);
        Interlocked.Add(ref _liveBytes, -ByteLength - (_discretes?.ByteLength ?? 0));
    }

    private static ObjectDisposedException Gone() => new(nameof(Checkpoint));
}
