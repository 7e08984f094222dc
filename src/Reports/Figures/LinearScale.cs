namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// Equal distances are equal differences. The ends are moved outward to give the extreme values some room.
/// </summary>
internal sealed class LinearScale : AxisScale
{
    private const int AimedTicks = 6;
    private const double Margin = 0.04;

    private LinearScale(double low, double high)
        : base(low, high) { }

    /// <inheritdoc/>
    internal override IReadOnlyList<Tick> Ticks
    {
        get
        {
            double step = NiceStep((High - Low) / AimedTicks);
            int first = (int)Math.Ceiling(Low / step);
            int last = (int)Math.Floor(High / step);
            return
            [
                .. Enumerable
                    .Range(first, last - first + 1)
                    .Select(i => new Tick(i * step, Label(Round(i * step, step)))),
            ];
        }
    }

    /// <summary>A scale on which all the values lie.</summary>
    internal static LinearScale Around(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        foreach (double value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (!(low <= high))
        {
            (low, high) = (0, 1);
        }

        // A single value, or values that differ by rounding, still make an axis with distinct ticks.
        double width = high - low;
        double least = Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-6;
        double room = width > least ? Margin * width : Math.Max(Math.Abs(high) * 0.5, 1e-12);
        return new LinearScale(low - room, high + room);
    }

    private protected override double Transform(double value) => value;

    private protected override double Invert(double transformed) => transformed;

    // 1, 2 or 5 times a power of ten, at least the size asked for.
    private static double NiceStep(double size)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(size)));
        double factor = size / power;
        return power
            * (
                factor <= 1 ? 1
                : factor <= 2 ? 2
                : factor <= 5 ? 5
                : 10
            );
    }

    // i·step carries rounding error, which a label would show.
    private static double Round(double value, double step)
    {
        int digits = (int)Math.Ceiling(-Math.Log10(step)) + 1;
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
