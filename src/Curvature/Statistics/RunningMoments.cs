namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Mean and standard error of independent values that come one by one (Welford's recurrence).</summary>
internal struct RunningMoments
{
    private double _squares;

    internal int Count { get; private set; }

    internal double Mean { get; private set; }

    /// <summary>s/√n; not a number for fewer than two values, which say nothing about their spread.</summary>
    internal readonly double StandardError => Count < 2 ? double.NaN : Math.Sqrt(_squares / (Count - 1) / Count);

    /// <summary>s, with n − 1 in the denominator; not a number for fewer than two values.</summary>
    internal readonly double StandardDeviation => Count < 2 ? double.NaN : Math.Sqrt(_squares / (Count - 1));

    internal static RunningMoments Of(ReadOnlySpan<double> values)
    {
        var moments = default(RunningMoments);
        foreach (var value in values)
        {
            moments.Add(value);
        }

        return moments;
    }

    internal void Add(double value)
    {
        Count++;
        var delta = value - Mean;
        Mean += delta / Count;
        _squares += delta * (value - Mean);
    }
}
