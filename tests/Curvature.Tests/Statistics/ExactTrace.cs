namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Trace and norm, entry by entry.</summary>
internal static class ExactTrace
{
    public static double Trace(double[,] matrix, int from, int to) =>
        Enumerable.Range(from, to - from).Sum(i => matrix[i, i]);

    public static double Frobenius(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(x => x * x));
}
