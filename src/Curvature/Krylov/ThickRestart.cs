namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Which Ritz vectors a restart keeps.</summary>
/// <remarks>
/// All that are wanted, and as many more at either end as promise the fastest convergence: until the next restart the
/// error of the last wanted pair shrinks about as exp(−2 n √γ), with n the steps there is room for and γ its gap to the
/// first value that was dropped, relative to the spread of the dropped ones (Yamazaki, Bai, Simon, Wang and Wu 2010,
/// "Adaptive projection subspace dimension for the thick-restart Lanczos method", section 3). Keeping more widens the
/// gap and leaves less room.
/// </remarks>
internal static class ThickRestart
{
    // Fewer new steps than this between restarts, and rotating the basis costs as much as it gains.
    internal const int FewestSteps = 3;

    /// <summary>Chooses how many Ritz pairs to keep of each end.</summary>
    /// <param name="values">Ritz values, largest first.</param>
    /// <param name="top">Wanted of the largest.</param>
    /// <param name="bottom">Wanted of the smallest.</param>
    /// <param name="topDone">Whether the largest have converged.</param>
    /// <param name="bottomDone">Whether the smallest have converged.</param>
    internal static (int Top, int Bottom) Choose(
        ReadOnlySpan<double> values,
        int top,
        int bottom,
        bool topDone,
        bool bottomDone
    )
    {
        var size = values.Length;
        var best = (Top: top, Bottom: bottom);
        var bestRate = double.NegativeInfinity;
        for (var i = top; i + bottom <= size - FewestSteps; i++)
        {
            for (var j = bottom; i + j <= size - FewestSteps; j++)
            {
                var spread = values[i] - values[size - 1 - j];
                var rate = double.PositiveInfinity;
                if (top > 0 && !topDone)
                {
                    rate = values[top - 1] - values[i];
                }

                if (bottom > 0 && !bottomDone)
                {
                    rate = Math.Min(rate, values[size - 1 - j] - values[size - bottom]);
                }

                // Both ends done cannot be; a spread of zero is a cluster that one step resolves.
                rate = (size - i - j) * Math.Sqrt(Math.Max(rate, 0) / Math.Max(spread, double.Epsilon));
                if (rate > bestRate)
                {
                    (best, bestRate) = ((i, j), rate);
                }
            }
        }

        return best;
    }
}
