namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>A smooth density on a grid: what a plot draws.</summary>
/// <param name="Points">Where, ascending, at least two.</param>
/// <param name="Values">The density there, per unit of the points; as many.</param>
public sealed record SampledDensity(IReadOnlyList<double> Points, IReadOnlyList<double> Values)
{
    /// <summary>∫ φ over the grid by the trapezoidal rule: 1 but for what lies beyond its ends.</summary>
    public double Mass
    {
        get
        {
            var sum = 0.0;
            for (var i = 1; i < Points.Count; i++)
            {
                sum += (Points[i] - Points[i - 1]) * (Values[i] + Values[i - 1]) / 2;
            }

            return sum;
        }
    }

    /// <summary>The density at <paramref name="point"/>, linear between the grid's points; 0 beyond its ends.</summary>
    public double At(double point)
    {
        if (!(point >= Points[0] && point <= Points[^1]))
        {
            return 0;
        }

        var (low, high) = (0, Points.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Points[middle] <= point ? (middle, high) : (low, middle);
        }

        var share = (point - Points[low]) / (Points[high] - Points[low]);
        return Values[low] + (share * (Values[high] - Values[low]));
    }

    /// <summary>count points from low to high, both included, evenly spaced.</summary>
    internal static double[] Grid(double low, double high, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var points = new double[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = low + ((high - low) * i / (count - 1));
        }

        return points;
    }
}
