namespace CurvatureMonitor.Reports.Figures;

/// <summary>
/// sign(x)·log10(1 + |x|/c): linear around zero, logarithmic far from it on both sides. Shows a bulk at zero and its
/// outliers together.
/// </summary>
internal sealed class SymmetricLogScale : AxisScale
{
    private const int Decades = 4;

    private readonly double _threshold;

    private SymmetricLogScale(double low, double high, double threshold)
        : base(low, high) => _threshold = threshold;

    /// <inheritdoc/>
    internal override IReadOnlyList<Tick> Ticks
    {
        get
        {
            var powers = Enumerable.Range(1, Decades + 1).Select(k => _threshold * Math.Pow(10, k)).ToList();
            return
            [
                .. powers
                    .Select(power => -power)
                    .Reverse()
                    .Append(0)
                    .Concat(powers)
                    .Where(value => value >= Low && value <= High)
                    .Select(value => new Tick(value, Label(value))),
            ];
        }
    }

    /// <summary>A scale on which all the values lie; c is four powers of ten below the largest magnitude.</summary>
    internal static SymmetricLogScale Around(IEnumerable<double> values)
    {
        double low = 0,
            high = 0;
        foreach (double value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        double largest = Math.Max(-low, high);
        double threshold = largest > 0 ? Math.Pow(10, Math.Floor(Math.Log10(largest)) - Decades) : 1;
        return new SymmetricLogScale((2 * low) - threshold, (2 * high) + threshold, threshold);
    }

    private protected override double Transform(double value) =>
        Math.CopySign(Math.Log10(1 + (Math.Abs(value) / _threshold)), value);

    private protected override double Invert(double transformed) =>
        Math.CopySign(_threshold * (Math.Pow(10, Math.Abs(transformed)) - 1), transformed);
}
