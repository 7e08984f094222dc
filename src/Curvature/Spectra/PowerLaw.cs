namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>A straight line on doubly logarithmic axes: φ = c·|λ|^p.</summary>
/// <param name="Coefficient">c.</param>
/// <param name="Exponent">p.</param>
/// <param name="RSquared">R², the share of the variance of ln φ that the line explains.</param>
public sealed record PowerLaw(double Coefficient, double Exponent, double RSquared)
{
    /// <summary>Least squares of y on x, both logarithms.</summary>
    internal static PowerLaw? Fit(List<double> x, List<double> y)
    {
        if (x.Count < 3)
        {
            return null;
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        var (xx, xy, yy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Count; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }

        var slope = xy / xx;
        return new PowerLaw(Math.Exp(meanY - (slope * meanX)), slope, yy == 0 ? 1 : slope * xy / yy);
    }
}
