using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Models;

/// <summary>How the entries of one tensor start: all equal, or independent and uniform on [Low, High).</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end; equal to <paramref name="Low"/> for a constant.</param>
public sealed record TensorInitializer(double Low, double High)
{
    /// <summary>Every entry the same.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The initialiser.</returns>
    public static TensorInitializer Constant(double value) => new(value, value);

    /// <summary>
    /// PyTorch's default of <c>Conv2d</c> and <c>Linear</c>, for the weight and for the bias: uniform on ±1/√fan_in.
    /// (For the weight PyTorch writes it as <c>kaiming_uniform_(a=√5)</c>: gain √(2/(1 + 5)), bound gain·√(3/fan_in) =
    /// 1/√fan_in.)
    /// </summary>
    /// <param name="fanIn">Inputs that one output sums over.</param>
    /// <returns>The initialiser.</returns>
    public static TensorInitializer FanIn(long fanIn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fanIn, 1);
        var bound = 1 / Math.Sqrt(fanIn);
        return new TensorInitializer(-bound, bound);
    }

    /// <summary>Fills a tensor. A constant draws nothing.</summary>
    internal void Fill(Span<double> entries, Xoshiro256 random)
    {
        if (Low == High)
        {
            entries.Fill(Low);
            return;
        }

        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = random.NextUniform(Low, High);
        }
    }
}
