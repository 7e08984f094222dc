namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Groups of samples, each evaluated as one batch B with the mean loss L_B of its samples. Groups of one sample give
/// per-sample forms; what larger groups say about single samples is a matter of sampling theory, and holds where the
/// groups are drawn at random.
/// </summary>
public sealed class SampleGroups
{
    private readonly long[] _order;
    private readonly long[] _starts;

    private SampleGroups(long[] order, long[] starts) => (_order, _starts) = (order, starts);

    /// <summary>How many groups there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>How many samples all groups have together.</summary>
    public long SampleCount => _starts[^1] - _starts[0];

    internal ReadOnlySpan<long> Order => _order;

    internal ReadOnlySpan<long> Starts => _starts;

    /// <summary>Cuts a list of samples into groups of a size, in its order; the last group may be smaller.</summary>
    /// <param name="order">Sample numbers, from 0.</param>
    /// <param name="size">Samples a group, 1 or more.</param>
    public static SampleGroups Cut(ReadOnlySpan<long> order, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (order.IsEmpty)
        {
            throw new ArgumentException("groups need at least one sample", nameof(order));
        }

        long[] starts = new long[((order.Length + size - 1) / size) + 1];
        for (int j = 0; j < starts.Length; j++)
        {
            starts[j] = Math.Min(j * size, order.Length);
        }

        return new SampleGroups(order.ToArray(), starts);
    }

    /// <summary>Samples 0 … n − 1 in their order, cut into groups of a size.</summary>
    /// <param name="samples">n, 1 or more.</param>
    /// <param name="size">Samples a group, 1 or more.</param>
    /// <param name="joinsLast">Whether a last group of one sample is joined to the one before.</param>
    public static SampleGroups InOrder(long samples, long size, bool joinsLast = false)
    {
        long[] order = new long[samples];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var groups = Cut(order, size);
        return joinsLast && LeavesOne(samples, size)
            ? new SampleGroups(order, [.. groups._starts[..^2], samples])
            : groups;
    }

    /// <summary>Whether groups of a size leave one sample over for the last of several.</summary>
    internal static bool LeavesOne(long samples, long size) => size > 1 && samples > size && samples % size == 1;

    /// <summary>How many samples a group has.</summary>
    public long SizeOf(int group) => _starts[group + 1] - _starts[group];

    /// <summary>A run of these groups, without copying samples.</summary>
    /// <param name="first">The first group.</param>
    /// <param name="count">How many.</param>
    public SampleGroups Slice(int first, int count) => new(_order, _starts[first..(first + count + 1)]);
}
