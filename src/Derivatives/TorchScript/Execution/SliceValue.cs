namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>The value of <c>start:stop:step</c> in a subscript.</summary>
internal sealed record SliceValue(long? Start, long? Stop, long Step)
{
    /// <summary>The positions that it takes of a sequence, as Python does.</summary>
    internal IEnumerable<int> Of(int count)
    {
        long start = Clamp(Start ?? (Step > 0 ? 0 : count - 1), count, Start is null);
        long stop = Stop is null && Step < 0 ? -1 : Clamp(Stop ?? count, count, Stop is null);
        for (long i = start; Step > 0 ? i < stop : i > stop; i += Step)
        {
            yield return (int)i;
        }
    }

    private long Clamp(long position, int count, bool isDefault)
    {
        long from = position < 0 && !isDefault ? position + count : position;
        return Step > 0 ? Math.Clamp(from, 0, count) : Math.Clamp(from, -1, count - 1);
    }
}
