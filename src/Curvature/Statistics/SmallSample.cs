using MathNet.Numerics.Distributions;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Error bars of a mean of few independent values: scaled so that one covers the truth about 68 times in 100, and two
/// about 95 times.
/// </summary>
/// <remarks>
/// s/√n is too narrow where n is small, by Student's t with ν = n − 1 degrees of freedom: 68.27 % lie within t₁ s/√n
/// and 95.45 % within t₂ s/√n, and no single number is both t₁ and t₂/2. The geometric mean of the two is taken: for
/// eight values of a normal distribution one error bar covers 71 % and two cover 94.5 %.
/// </remarks>
internal static class SmallSample
{
    // The shares of a normal distribution within one and two standard deviations.
    private const double WithinOne = 0.6826894921370859;
    private const double WithinTwo = 0.9544997361036416;

    /// <summary>What s/√n is multiplied by; not a number for fewer than two values.</summary>
    /// <param name="count">n.</param>
    internal static double Factor(int count) =>
        count < 2 ? double.NaN : Math.Sqrt(Quantile(WithinOne, count - 1) * Quantile(WithinTwo, count - 1) / 2);

    /// <summary>
    /// The error bar of the mean of values that may have either sign. A skewed distribution moves Student's t by
    /// γ/(6√n) of a standard error, γ the skewness (Johnson 1978); the bar is longer by that share.
    /// </summary>
    internal static double ErrorOf(ReadOnlySpan<double> values)
    {
        var moments = RunningMoments.Of(values);
        var (error, mean, deviation) = (moments.StandardError, moments.Mean, moments.StandardDeviation);
        if (!(error > 0))
        {
            return error;
        }

        var skewness = 0.0;
        foreach (var value in values)
        {
            skewness += Math.Pow((value - mean) / deviation, 3) / values.Length;
        }

        return Factor(values.Length) * error * (1 + (Math.Abs(skewness) / (6 * Math.Sqrt(values.Length))));
    }

    /// <summary>
    /// The error bar of the mean of values whose distribution hardly leans, such as sums over many samples.
    /// </summary>
    internal static double ErrorOf(RunningMoments values) => Factor(values.Count) * values.StandardError;

    /// <summary>
    /// The error bar of the mean of values that are never negative, such as squares. Their distribution leans to the
    /// right: a mean that is too small by chance comes with a spread that is too small. The interval is therefore taken
    /// symmetric in the logarithm of the mean x, and its longer half stated: with r the relative error, x(eʳ − 1) is
    /// r/2 longer than s/√n for one error bar, x(e²ʳ − 1)/2 is r longer for two; 3r/4 lies between.
    /// </summary>
    internal static double ErrorOfPositive(RunningMoments values)
    {
        var error = values.StandardError;
        return error > 0 ? ErrorOf(values) * (1 + (0.75 * error / Math.Abs(values.Mean))) : error;
    }

    // Half of what is not covered lies beyond either end.
    private static double Quantile(double covered, int freedom) => StudentT.InvCDF(0, 1, freedom, 0.5 + (covered / 2));
}
