using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training;

/// <summary>
/// Which samples each step sees: every epoch runs once through all N samples in a fresh random order, in batches of B;
/// the last batch of an epoch has what is left (PyTorch's <c>DataLoader</c> with <c>shuffle=True, drop_last=False</c>).
/// The order of an epoch depends on the seed and the number of the epoch alone, so any step can be asked for, in any
/// order.
/// </summary>
public sealed class BatchSampler
{
    private readonly long[] _order;
    private readonly long _seed;
    private long _orderedEpoch = -1;

    /// <summary>Creates the sampler.</summary>
    /// <param name="samples">N, at least 1.</param>
    /// <param name="batchSize">B, at least 1; a B above N makes every batch the whole set.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <exception cref="ArgumentOutOfRangeException">N or B is below 1, or N is more than an array holds.</exception>
    public BatchSampler(long samples, int batchSize, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, Array.MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _order = new long[samples];
        _seed = seed;
        BatchSize = batchSize;
        StepsPerEpoch = (samples + batchSize - 1) / batchSize;
    }

    /// <summary>N.</summary>
    public long SampleCount => _order.Length;

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>⌈N/B⌉.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>The epoch that a step belongs to.</summary>
    /// <param name="step">Number of the step, 0 for the first.</param>
    /// <returns>0 for the first pass through the data.</returns>
    public long EpochOf(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step / StepsPerEpoch;
    }

    /// <summary>The samples of one step.</summary>
    /// <param name="step">Number of the step, 0 for the first.</param>
    /// <returns>Indices of samples; valid until the next call.</returns>
    public ReadOnlySpan<long> Batch(long step)
    {
        Order(EpochOf(step));
        var start = checked((int)(step % StepsPerEpoch * BatchSize));
        return _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));
    }

    private void Order(long epoch)
    {
        if (epoch == _orderedEpoch)
        {
            return;
        }

        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        new Xoshiro256(_seed, RandomStream.DataOrder + (ulong)epoch).Shuffle(_order.AsSpan());
        _orderedEpoch = epoch;
    }
}
