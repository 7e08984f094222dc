namespace CurvatureMonitor.Reports.Figures;

/// <summary>Equal distances are equal ratios. From power of ten to power of ten.</summary>
internal sealed class LogScale : AxisScale
{
    private const int MostTicks = 8;

    private readonly int _first;
    private readonly int _last;

    private LogScale(int first, int last)
        : base(Math.Pow(10, first), Math.Pow(10, last)) => (_first, _last) = (first, last);

    /// <inheritdoc/>
    internal override IReadOnlyList<Tick> Ticks
    {
        get
        {
            int stride = 1 + ((_last - _first) / MostTicks);
            return
            [
                .. Enumerable
                    .Range(_first, _last - _first + 1)
                    .Where(power => (power - _first) % stride == 0)
                    .Select(power => new Tick(Math.Pow(10, power), Label(Math.Pow(10, power)))),
            ];
        }
    }

    /// <summary>
    /// A scale for positive values: it holds the largest, and so many powers of ten below it at most. Others are passed
    /// over.
    /// </summary>
    internal static LogScale Around(IEnumerable<double> values, int decades)
    {
        double low = double.PositiveInfinity,
            high = 0;
        foreach (double value in values.Where(value => value > 0))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (high == 0)
        {
            (low, high) = (0.1, 1);
        }

        int last = (int)Math.Ceiling(Math.Log10(high));
        // The smallest lies above the foot of the axis, also where it is a power of ten.
        int first = Math.Max((int)Math.Ceiling(Math.Log10(low)) - 1, last - decades);
        return new LogScale(Math.Min(first, last - 1), last);
    }

    private protected override double Transform(double value) => Math.Log10(Math.Max(value, double.Epsilon));

    private protected override double Invert(double transformed) => Math.Pow(10, transformed);
}
