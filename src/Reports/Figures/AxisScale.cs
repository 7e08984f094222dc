using System.Globalization;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>How values lie on an axis: 0 is its beginning, 1 its end.</summary>
internal abstract class AxisScale(double low, double high)
{
    /// <summary>The value at the beginning.</summary>
    internal double Low { get; } = low;

    /// <summary>The value at the end.</summary>
    internal double High { get; } = high;

    /// <summary>The places that are labelled, in order.</summary>
    internal abstract IReadOnlyList<Tick> Ticks { get; }

    /// <summary>Where a value lies; outside 0 … 1 for what is off the axis.</summary>
    internal double Place(double value) => (Transform(value) - Transform(Low)) / (Transform(High) - Transform(Low));

    /// <summary>The value at a place.</summary>
    internal double ValueAt(double place) => Invert(Transform(Low) + (place * (Transform(High) - Transform(Low))));

    private protected abstract double Transform(double value);

    private protected abstract double Invert(double transformed);

    /// <summary>A number as a tick shows it.</summary>
    private protected static string Label(double value)
    {
        double size = Math.Abs(value);
        return size is 0 or (>= 1e-3 and < 1e5)
            ? value.ToString("0.######", CultureInfo.InvariantCulture)
            : value.ToString("0.##e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
    }
}
