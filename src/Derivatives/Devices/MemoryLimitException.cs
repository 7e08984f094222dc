using System.Globalization;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>A <see cref="MemoryScope"/> has passed its limit.</summary>
internal sealed class MemoryLimitException(long held, long limit)
    : Exception(
        string.Create(
            CultureInfo.InvariantCulture,
            $"out of memory budget: {held} bytes in use, the limit is {limit}; raise the memory budget or lower the "
        ) + "micro-batch"
    )
{
    /// <summary>Bytes in use when it was noticed.</summary>
    internal long Held { get; } = held;

    /// <summary>The limit.</summary>
    internal long Limit { get; } = limit;
}
