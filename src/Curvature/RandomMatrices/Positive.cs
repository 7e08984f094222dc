namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>What every scale, ratio and variance of a law must be.</summary>
internal static class Positive
{
    /// <summary><paramref name="value"/>, if it is positive and finite.</summary>
    internal static double Require(double value, string name) =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "it must be positive and finite");

    /// <summary><paramref name="value"/>, if it is finite and not negative.</summary>
    internal static double OrZero(double value, string name) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "it must be finite and not negative");
}
