namespace CurvatureMonitor.Training.RandomNumbers;

/// <summary>
/// The SplitMix64 generator: 64 bits of state, used to spread seeds. Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators" (OOPSLA 2014), with the constants of Vigna's reference version. Integer arithmetic
/// alone, so the numbers are the same on every machine and every .NET version.
/// </summary>
public sealed class SplitMix64
{
    private ulong _state;

    /// <summary>Starts the generator at a seed.</summary>
    /// <param name="seed">Any 64 bits.</param>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>The next 64 random bits.</summary>
    /// <returns>A number uniform on all 64-bit values.</returns>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
