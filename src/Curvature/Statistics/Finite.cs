namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Refuses numbers that are not finite: a wrong number is worse than none.</summary>
internal static class Finite
{
    internal static void Require(double value, string what) => Require(value, 0, what);

    internal static void Require(double value, double other, string what)
    {
        if (!double.IsFinite(value) || !double.IsFinite(other))
        {
            throw new CurvatureException(
                $"{what} is not finite; the parameters, the inputs or the loss overflow or hold NaN"
            );
        }
    }

    internal static void Require(ReadOnlySpan<double> values, string what)
    {
        foreach (var value in values)
        {
            Require(value, what);
        }
    }
}
