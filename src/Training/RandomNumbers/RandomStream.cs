namespace CurvatureMonitor.Training.RandomNumbers;

/// <summary>
/// The streams that one training seed feeds; part of what makes a run repeatable, so the numbers never change.
/// </summary>
internal static class RandomStream
{
    /// <summary>Initial parameters.</summary>
    public const ulong Parameters = 1;

    /// <summary>Order of the training samples: this stream plus the number of the epoch.</summary>
    public const ulong DataOrder = 1UL << 32;
}
