using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>A basis with random columns.</summary>
internal static class FilledBasis
{
    public const int Length = 37;

    public const int Count = 5;

    public static Basis Fill(out double[][] columns)
    {
        var basis = new Basis(Length, Count, ElementType.Float64, Device.Cpu);
        columns = [.. Enumerable.Range(0, Count).Select(i => VectorNumbers.Numbers(i, Length))];
        foreach (double[] column in columns)
        {
            using var v = Vector.From(column, ElementType.Float64, Device.Cpu);
            basis.Append(v);
        }

        return basis;
    }

    public static double Combination(double[][] columns, double[] c, int row) =>
        columns.Zip(c, (v, x) => v[row] * x).Sum();

    public static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
