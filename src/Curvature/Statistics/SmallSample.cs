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

    private static double RemainderFactor(int count) =>
        count < 2
            ? double.NaN
            : Math.Pow(Quantile(WithinOne, count - 1), 0.25) * Math.Pow(Quantile(WithinTwo, count - 1) / 2, 0.75);

    /// <summary>
    /// The error bar of the mean of values that may have either sign. A skewed distribution moves Student's t by
    /// γ/(6√n) of a standard error, γ the skewness (Johnson 1978); the bar is longer by that share.
    /// </summary>
    internal static double ErrorOf(ReadOnlySpan<double> values)
    {
        var moments = RunningMoments.Of(values);
        var error = ErrorOf(moments);
        return error > 0 ? error * (1 + (Math.Abs(Skewness(values, moments)) / (6 * Math.Sqrt(values.Length)))) : error;
    }

    /// <summary>The error bar of the mean of values whose distribution hardly leans.</summary>
    internal static double ErrorOf(RunningMoments values) => Factor(values.Count) * values.StandardError;

    /// <summary>
    /// The error bar of the mean of values that are never negative, such as squares. Their distribution leans to the
    /// right: a mean that is too small by chance comes with a spread that is too small. The cube root of a sum of
    /// squares is nearly normal (Wilson and Hilferty 1931), so that the interval is taken symmetric in it, and half of
    /// the longer side of two error bars is stated: with r the relative error, scaled as above, ((1 + 2r/3)³ − 1)/2.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="isRemainder">Whether they are what leading directions have left: with the large parts taken out,
    /// few values say less of the tail, and the factor of two error bars counts three times that of one.</param>
    internal static double ErrorOfPositive(RunningMoments values, bool isRemainder = false)
    {
        var error = (isRemainder ? RemainderFactor(values.Count) : Factor(values.Count)) * values.StandardError;
        var mean = Math.Abs(values.Mean);
        return error > 0 && mean > 0 ? mean * (Math.Pow(1 + (2 * error / (3 * mean)), 3) - 1) / 2 : error;
    }

    /// <summary>
    /// The error bar of a root x of something with a mean of squares in it. It is symmetric in log x, of which half of
    /// the longer side of two error bars is stated: with r the relative error of the mean, (eʳ − 1)/2 = r/2 (1 + r/2)
    /// to second order.
    /// </summary>
    /// <param name="squares">The squares.</param>
    /// <param name="root">x, the root of their mean or of that and something known.</param>
    internal static double ErrorOfRoot(RunningMoments squares, double root)
    {
        var error = squares.StandardError;
        return error > 0 && root > 0 ? ErrorOf(squares) * (1 + (error / squares.Mean / 2)) / (2 * root) : error;
    }

    // Of a sample, corrected for its size: n/((n − 1)(n − 2)) Σ ((x − x̄)/s)³.
    private static double Skewness(ReadOnlySpan<double> values, RunningMoments moments)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Pow((value - moments.Mean) / moments.StandardDeviation, 3);
        }

        double count = values.Length;
        return count > 2 ? count / ((count - 1) * (count - 2)) * sum : 0;
    }

    // Half of what is not covered lies beyond either end.
    private static double Quantile(double covered, int freedom) => StudentT.InvCDF(0, 1, freedom, 0.5 + (covered / 2));
}
