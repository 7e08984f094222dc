using System.Numerics;

namespace CurvatureMonitor.Training.RandomNumbers;

/// <summary>
/// The xoshiro256** generator of Blackman and Vigna, "Scrambled linear pseudorandom number generators" (ACM TOMS 47,
/// 2021), with the derived draws that training needs. Used instead of <see cref="System.Random"/>, whose seeded
/// sequence is not promised to stay the same: the same seed here gives the same weights and the same data order on
/// every machine and every .NET version.
/// </summary>
public sealed class Xoshiro256
{
    private const double TwoToMinus53 = 1.0 / (1UL << 53);
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>
    /// Starts the generator at a seed, spread over the 256 bits of state by <see cref="SplitMix64"/> as its authors
    /// advise.
    /// </summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Separates uses of one seed (weights, data order of epoch 3, …): different streams are
    /// independent sequences.</param>
    public Xoshiro256(long seed, ulong stream = 0)
    {
        // The stream is mixed first, so that (seed, stream + 1) and (seed + 1, stream) have nothing in common.
        var spread = new SplitMix64(unchecked((ulong)seed) ^ new SplitMix64(stream).Next());
        (_s0, _s1, _s2, _s3) = (spread.Next(), spread.Next(), spread.Next(), spread.Next());
    }

    /// <summary>Starts at a given state; for the published test sequence.</summary>
    internal Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The next 64 random bits.</summary>
    /// <returns>A number uniform on all 64-bit values.</returns>
    public ulong Next()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>The next number uniform on [0, 1): the upper 53 bits of <see cref="Next"/> times 2⁻⁵³.</summary>
    /// <returns>A number of [0, 1).</returns>
    public double NextDouble() => (Next() >> 11) * TwoToMinus53;

    /// <summary>The next number uniform on [low, high).</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <returns>A number of [low, high).</returns>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>
    /// The next integer uniform on 0 … <paramref name="bound"/> − 1, exactly (values that would bias the remainder are
    /// drawn again).
    /// </summary>
    /// <param name="bound">How many values there are; at least 1.</param>
    /// <returns>An integer below <paramref name="bound"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public long NextBelow(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (ulong)bound;
        var rejected = unchecked(0UL - range) % range;
        ulong bits;
        do
        {
            bits = Next();
        } while (bits < rejected);

        return (long)(bits % range);
    }

    /// <summary>
    /// Puts the items in a random order, every order equally likely (Fisher–Yates, from the last place down).
    /// </summary>
    /// <typeparam name="T">Kind of item.</typeparam>
    /// <param name="items">The items; reordered in place.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var chosen = (int)NextBelow(last + 1L);
            (items[last], items[chosen]) = (items[chosen], items[last]);
        }
    }
}
